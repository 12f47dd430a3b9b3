// The seals of a token and the kind of lock that follows from them, with evidence.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/time.hpp"

namespace ukey::model {

enum class SealRole { unit, legal_rep, signature };

/// What a seal's octets are; `unknown` is neither picture nor seal structure.
enum class SealFormat { png, jpg, gif, bmp, svg, ofd, ses_v1, ses_v4, ses_v5, bjca_es, unknown };

/// Why a piece of evidence counts or not.
enum class EvidenceReason { by_label, by_content, not_a_seal, empty, not_seen, unreadable };

enum class LockKind { master, partial_master, sub, blank, undetermined };
enum class LockBasis { label, content };
enum class LockReason {
  all_found,
  some_missing,
  none_found,
  login_needed,
  seals_not_visible,
  no_profile,
  holder_unknown,
  nothing_on_token
};

/// A data object that may be a seal: found by its label, contents perhaps not read.
struct SealObject {
  unsigned long handle = 0;
  std::string label;
  std::optional<unsigned long> size;  ///< octets
  std::optional<SealRole> role;       ///< by the profile's label patterns
  std::optional<SealFormat> format;   ///< absent until the contents were read
  std::optional<bool> is_private;
  std::optional<base::Error> error;
};

/// A row of `lock.evidence[]`: one seal that the platform may require.
struct Evidence {
  SealRole seal = SealRole::unit;
  bool found = false;
  EvidenceReason reason = EvidenceReason::not_seen;
  std::string object;                ///< label of the object, "" when none
  std::optional<SealFormat> format;  ///< absent with basis label
  std::optional<unsigned long> bytes;
};

struct LockVerdict {
  LockKind kind = LockKind::undetermined;
  LockBasis basis = LockBasis::label;
  LockReason reason = LockReason::no_profile;
  std::vector<Evidence> evidence;
  std::vector<SealRole> missing;
};

/// A picture: its format by magic number and its size in pixels (SVG and OFD: absent).
struct Picture {
  SealFormat format = SealFormat::unknown;
  std::optional<unsigned long> width, height;  ///< pixels
};

/// An electronic seal (GM/T 0031, GB/T 38540) or a bare picture, read from its octets.
struct SealContents {
  SealFormat format = SealFormat::unknown;
  std::string id, name, vendor;  ///< seal structures only, else ""
  std::optional<long> type;      ///< as the structure says; business-defined
  std::optional<base::Time> created, valid_from, valid_to;
  std::optional<Picture> picture;
  std::optional<long> width_mm, height_mm;  ///< as the structure says, millimetres
  base::Bytes picture_data;  ///< the picture's octets; the whole when it is a bare picture
  std::vector<base::Bytes>
      certificates;               ///< DER of those who may use the seal, when they are listed
  base::Bytes maker_certificate;  ///< DER, or empty
  base::Bytes octets;             ///< the whole, as it was read
};

/// A row of `seals[]`.
struct SealRow {
  SealObject object;
  std::optional<SealContents> contents;  ///< absent when not read
};

}  // namespace ukey::model
