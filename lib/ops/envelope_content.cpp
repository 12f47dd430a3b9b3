// The content of envelopes: opened with the token, made for it.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "envelope/finding.hpp"
#include "envelope/making.hpp"
#include "ops/certificates.hpp"
#include "ops/envelopes.hpp"
#include "ops/presence.hpp"
#include "ops/visit.hpp"
#include "p11/evp_key.hpp"

namespace ukey::ops {

namespace {

using CertificateRows = std::vector<model::CertificateRow>;

/// What anybody can read, before a PIN is asked for.
CertificateRows public_rows(const SharedBench& bench, const Present& token) {
  return supervised_on<CertificateRows>(bench, token, [bench, token] {
    Bench without_pin{*bench};
    without_pin.pin = {};
    return read_rows(without_pin, Visit{without_pin, token});
  });
}

/// Told like any other damage, so that nobody learns from it what was wrong with an encrypted key.
/// Many tokens have no word of their own for wrong padding.
bool is_about_octets(const base::Error& error) {
  constexpr std::array<std::string_view, 2> kCalls{"C_Decrypt", "C_DeriveKey"};
  constexpr std::array<std::string_view, 6> kAnswers{
      "CKR_ENCRYPTED_DATA_INVALID", "CKR_ENCRYPTED_DATA_LEN_RANGE",
      "CKR_DATA_INVALID",           "CKR_DATA_LEN_RANGE",
      "CKR_GENERAL_ERROR",          "CKR_FUNCTION_FAILED"};
  const auto& answer = error.answer();
  return answer && std::ranges::find(kCalls, answer->call) != kCalls.end() &&
         std::ranges::find(kAnswers, answer->ckr) != kAnswers.end();
}

envelope::Opened unlock(const p11::TokenKey& key, const envelope::Frame& frame,
                        base::ByteView certificate) {
  try {
    return envelope::Opened::unlock(frame, key.get(), certificate);
  } catch (const base::Error&) {
    if (const auto failure = key.failure(); failure && !is_about_octets(*failure)) throw *failure;
    throw;
  }
}

bool encrypts(const model::CertificateRow& row) { return model::decrypts(row.certificate.role); }

/// The one that is for encryption alone, else the one for both uses.
CertificateRows current_for_encryption(CertificateRows rows) {
  std::erase_if(rows, [](const auto& row) { return row.error || !row.current || !encrypts(row); });
  std::ranges::stable_sort(rows, {}, [](const auto& row) {
    return row.certificate.role == model::Role::encrypt ? 0 : 1;
  });
  if (rows.size() > 1) rows.resize(1);
  return rows;
}

}  // namespace

UnlockedEnvelope unlock_envelope(const SharedBench& bench, const std::string& path) {
  const Present token = only_token(bench);
  const auto rows = public_rows(bench, token);
  auto found = envelope::read_envelope(path, rows);
  const auto owner = std::ranges::find_if(rows, [&](const auto& row) {
    return !row.error && row.certificate.sha256 == found.row.certificate;
  });
  if (owner == rows.end()) throw base::Error{base::Code::not_found, path};
  const auto id = base::unhex(owner->key_id);
  if (!id || id->empty()) throw base::Error{base::Code::not_found, owner->label};
  if (!envelope::can_open(found.frame) || owner->certificate.algorithm == "sm2")
    throw base::Error{base::Code::not_supported, path};
  try {
    auto opened = supervised_on<envelope::Opened>(
        bench, token, [bench, token, frame = found.frame, id = *id, der = owner->certificate.der] {
          const Visit visit{*bench, token};
          return unlock(p11::TokenKey::open(visit.session(), id), frame, der);
        });
    return {token.ref, std::move(found.row), std::move(opened)};
  } catch (const base::Error& error) {
    if (error.code() == base::Code::bad_input) throw base::Error{base::Code::bad_input, path};
    throw;
  }
}

void pour_envelope(const UnlockedEnvelope& unlocked,
                   const std::function<void(base::ByteView)>& out) {
  try {
    const auto stream = envelope::envelope_stream(unlocked.row.file);
    unlocked.opened.pour(*stream, out);
  } catch (const base::Error& error) {
    if (error.code() != base::Code::bad_input) throw;
    throw error.about(unlocked.row.file);
  }
}

std::vector<model::CertificateRow> receivers(std::vector<model::CertificateRow> rows, bool every) {
  if (every)
    std::erase_if(rows, [](const auto& row) { return row.certificate.role == model::Role::ca; });
  else
    rows = current_for_encryption(std::move(rows));
  if (rows.empty()) throw base::Error{base::Code::not_found};
  for (const auto& row : rows) {
    const auto& serial = row.certificate.serial;
    if (!encrypts(row) || row.state != model::Validity::valid)
      throw base::Error{base::Code::certificate_unfit, serial};
    if (row.certificate.algorithm == "sm2") throw base::Error{base::Code::not_supported, serial};
  }
  return rows;
}

void make_envelope(const std::string& path, std::span<const model::CertificateRow> receivers,
                   bool authenticated, const std::function<void(base::ByteView)>& out) {
  std::vector<base::Bytes> certificates;
  for (const auto& row : receivers) certificates.push_back(row.certificate.der);
  auto content = envelope::open_file(path);
  envelope::make_envelope(content, certificates, authenticated, out);
}

}  // namespace ukey::ops
