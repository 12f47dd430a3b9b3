#include "envelope/finding.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "envelope/archive.hpp"
#include "envelope/armour.hpp"
#include "envelope/carried.hpp"
#include "envelope/cms.hpp"
#include "envelope/sign.hpp"

namespace ukey::envelope {

namespace {

constexpr std::size_t kMostRows = 1'000;
constexpr int kMostLevels = 4;  // containers in one another
// Where an envelope may lie anywhere: what is seen of it at once, and how far a file in a container
// is searched, which would be inflated for it.
constexpr std::size_t kStep = Stream::kWindow / 4;
constexpr std::uint64_t kMostSearched = std::uint64_t{16} << 20;
// Encrypted octets do not shrink, and text seldom to less than a hundredth.
constexpr std::uint64_t kLeastBudget = std::uint64_t{64} << 20;
constexpr std::uint64_t kMostGrowth = 100;

using Certificates = std::span<const model::CertificateRow>;

/// Of several of the token's certificates that it is for, a current one counts before an older one.
void match(model::EnvelopeRow& row, CMS_ContentInfo* cms, Certificates certificates) {
  for (const auto& known : certificates) {
    if (known.error || row.opens == model::EnvelopeOpens::current) continue;
    if (!is_for(cms, x509::decode_certificate(known.certificate.der).get())) continue;
    const bool gone = known.has_private_key == false;
    if (gone && !row.certificate.empty()) continue;
    row.certificate = known.certificate.sha256;
    row.has_private_key = known.has_private_key;
    if (gone) continue;
    row.opens = known.current ? model::EnvelopeOpens::current : model::EnvelopeOpens::older;
  }
}

model::EnvelopeRow row_of(const Frame& frame, Certificates certificates) {
  model::EnvelopeRow out;
  const auto cms = decode(frame);
  out.kind = frame.kind;
  out.algorithm = algorithm_of(frame);
  out.recipients = recipients_of(cms.get());
  match(out, cms.get(), certificates);
  return out;
}

/// Reads the envelope to its end.
Found read_whole(Stream& stream, Certificates certificates) {
  Reader reader{stream};
  reader.finish();
  return {reader.frame(), row_of(reader.frame(), certificates)};
}

/// The envelope that begins here, as far as it can be seen; absent when these octets are none.
std::optional<model::EnvelopeRow> seen(base::ByteView octets, Certificates certificates) {
  constexpr std::uint8_t kNoMac[] = {x509::kOctetString, 0};  // stands after the content
  Stream stream{[&octets](std::span<std::uint8_t> room) {
    const auto count = std::min(room.size(), octets.size());
    std::ranges::copy(octets.first(count), room.begin());
    octets = octets.subspan(count);
    return count;
  }};
  try {
    Frame frame = Reader{stream}.frame();
    if (frame.kind == model::EnvelopeKind::auth_enveloped)
      frame.mac.assign(std::begin(kNoMac), std::end(kNoMac));
    auto row = row_of(frame, certificates);
    if (!row.recipients.empty()) return row;
  } catch (const base::Error&) {  // something else that begins alike
  }
  return std::nullopt;
}

/// Gathers the rows of one file.
class Search {
 public:
  Search(std::string path, Certificates certificates)
      : path_(std::move(path)), certificates_(certificates) {
    struct stat facts {};
    const auto size =
        stat(path_.c_str(), &facts) == 0 ? static_cast<std::uint64_t>(facts.st_size) : 0;
    budget_.left = kLeastBudget + size * kMostGrowth;
  }

  std::vector<model::EnvelopeRow> run() {
    try {
      const auto file = std::make_shared<Stream>(open_file(path_));
      if (is_container(file->peek(kBeginning)))
        walk();
      else
        search("", file, 0);
    } catch (const base::Error& error) {
      fail("", error);
    }
    if (rows_.empty()) fail("", base::Error{base::Code::bad_input});
    return std::move(rows_);
  }

 private:
  void walk() {
    walk_container(
        path_, budget_,
        [this](const auto& name, Stream&& in) {
          look(name, std::make_shared<Stream>(std::move(in)), 1);
        },
        [this](const auto& name, const auto& error) { fail(name, error); });
  }

  /// `level`: in how many containers, parts and signed structures the file lies.
  void look(const std::string& name, const SharedStream& contents, int level) {
    if (is_container(contents->peek(kBeginning))) return walk_inner(name, *contents, level);
    search(name, contents, level);
  }

  /// What a file is, what it carries, and what lies in the rest of it.
  void search(const std::string& name, const SharedStream& contents, int level) {
    const auto bare = unarmoured(contents);
    if (kind_of(bare->peek(kBeginning)))
      add(name, read_whole(*bare, certificates_).row);
    else if (const auto carried = carried_content(bare))
      look_inside(name, carried, level);
    scan(name, bare, level);
    if (bare != contents) scan(name, contents, level);
  }

  void scan(const std::string& name, const SharedStream& stream, int level) {
    const auto end =
        level == 0 ? std::numeric_limits<std::uint64_t>::max() : stream->position() + kMostSearched;
    while (stream->position() < end) {
      scan_parts(name, stream, level);
      const auto ahead = stream->peek(Stream::kWindow);
      if (ahead.empty()) return;
      const auto reach = ahead.size() < Stream::kWindow ? ahead.size() : kStep;
      const auto at = next_sign(ahead, reach);
      const bool is_line = at < reach && ahead[at] == '\n';
      stream->skip(at);
      if (at == reach) continue;
      if (!is_line)
        if (auto row = seen(stream->peek(Stream::kWindow), certificates_))
          add(place_in(name, *stream), std::move(*row));
      stream->skip(1);
    }
  }

  void scan_parts(const std::string& name, const SharedStream& stream, int level) {
    for (;;) {
      const auto place = place_in(name, *stream);
      const auto part = unarmoured_part(stream);
      if (!part) return;
      look_inside(place, part, level);
    }
  }

  /// What is wrong with it concerns it alone.
  void look_inside(const std::string& name, const SharedStream& contents, int level) {
    try {
      if (level == kMostLevels) throw base::Error{base::Code::bad_input};
      look(name, contents, level + 1);
    } catch (const base::Error& error) {
      if (error.code() != base::Code::bad_input) throw;
      fail(name, error);
    }
  }

  static std::string inside(const std::string& outer, const std::string& name) {
    return outer.empty() ? name : outer + "/" + name;
  }

  static std::string place_in(const std::string& name, const Stream& stream) {
    return inside(name, "@" + std::to_string(stream.position()));
  }

  /// One that lies too deep is not passed over in silence: there may be an envelope in it.
  void walk_inner(const std::string& outer, Stream& container, int level) {
    if (level == kMostLevels) throw base::Error{base::Code::bad_input};
    walk_container(
        container, budget_,
        [&](const auto& name, Stream&& in) {
          look(inside(outer, name), std::make_shared<Stream>(std::move(in)), level + 1);
        },
        [&](const auto& name, const auto& error) { fail(inside(outer, name), error); });
  }

  void add(const std::string& entry, model::EnvelopeRow row) {
    if (rows_.size() == kMostRows) throw base::Error{base::Code::bad_input};
    row.file = path_;
    row.entry = entry;
    rows_.push_back(std::move(row));
  }

  void fail(const std::string& entry, const base::Error& error) {
    if (rows_.size() > kMostRows) return;
    model::EnvelopeRow row;
    row.file = path_;
    row.entry = entry;
    row.error = error.about(entry.empty() ? path_ : path_ + "/" + entry);
    rows_.push_back(std::move(row));
  }

  std::string path_;
  Certificates certificates_;
  Budget budget_;
  std::vector<model::EnvelopeRow> rows_;
};

}  // namespace

SharedStream envelope_stream(const std::string& path) {
  return unarmoured(std::make_shared<Stream>(open_file(path)));
}

Found read_envelope(const std::string& path, Certificates certificates) {
  try {
    auto out = read_whole(*envelope_stream(path), certificates);
    out.row.file = path;
    return out;
  } catch (const base::Error& error) {
    throw error.about(path);
  }
}

std::vector<model::EnvelopeRow> find_envelopes(const std::string& path, Certificates certificates) {
  return Search{path, certificates}.run();
}

}  // namespace ukey::envelope
