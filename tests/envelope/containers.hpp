// Containers for tests, made by libarchive, and what is found in them.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/envelope/fixture.hpp"

namespace ukey::test {

struct Entry {
  std::string name;
  base::Bytes octets;
};

/// A container of the format that `choose` sets.
template <class Choose>
base::Bytes packed(const std::vector<Entry>& entries, Choose choose) {
  base::Bytes out(1 << 22);
  std::size_t used = 0;
  archive* writing = archive_write_new();
  choose(writing);
  archive_write_set_bytes_in_last_block(writing, 1);
  archive_write_open_memory(writing, out.data(), out.size(), &used);
  for (const auto& [name, octets] : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, static_cast<la_int64_t>(octets.size()));
    archive_write_header(writing, entry);
    archive_write_data(writing, octets.data(), octets.size());
    archive_entry_free(entry);
  }
  archive_write_close(writing);
  archive_write_free(writing);
  out.resize(used);
  return out;
}

inline base::Bytes zip(const std::vector<Entry>& entries, const char* compression = "deflate") {
  return packed(entries, [compression](archive* writing) {
    archive_write_set_format_zip(writing);
    archive_write_set_format_option(writing, "zip", "compression", compression);
  });
}

inline base::Bytes tar(const std::vector<Entry>& entries,
                       int format = ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, bool gzip = false) {
  return packed(entries, [format, gzip](archive* writing) {
    archive_write_set_format(writing, format);
    if (gzip) archive_write_add_filter_gzip(writing);
  });
}

inline base::Bytes gzip(const base::Bytes& octets) {
  return packed({{"data", octets}}, [](archive* writing) {
    archive_write_set_format_raw(writing);
    archive_write_add_filter_gzip(writing);
  });
}

inline std::string base64(const base::Bytes& octets, std::size_t width) {
  std::string whole((octets.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(whole.data()), octets.data(),
                                   static_cast<int>(octets.size()));
  whole.resize(static_cast<std::size_t>(size));
  std::string out;
  for (std::size_t at = 0; at < whole.size(); at += width) out += whole.substr(at, width) + "\n";
  return out;
}

inline base::Bytes envelope_for(const base::Bytes& certificate) {
  return openssl_envelope(noise(1000), certificate);
}

inline std::vector<model::EnvelopeRow> found(const Folder& folder, const base::Bytes& octets,
                                             const std::vector<model::CertificateRow>& rows) {
  return envelope::find_envelopes(folder.put("file", octets), rows);
}

}  // namespace ukey::test
