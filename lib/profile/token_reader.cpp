#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "profile/parts.hpp"
#include "profile/reader.hpp"

namespace ukey::profile {

namespace {

#if defined(_WIN32)
constexpr std::string_view kThisSystem = "windows";
#elif defined(__APPLE__)
constexpr std::string_view kThisSystem = "macos";
#else
constexpr std::string_view kThisSystem = "linux";
#endif

constexpr Symbols<model::SealPrivacy, 3> kPrivacies{{{"never", model::SealPrivacy::never},
                                                     {"maybe", model::SealPrivacy::maybe},
                                                     {"hidden", model::SealPrivacy::hidden}}};

// PKCS#11 keeps the numbers from here on for vendors (CKM_VENDOR_DEFINED, CKK_VENDOR_DEFINED).
// Return values have no such bound: middlewares let through what their lower layers answer.
constexpr unsigned long kVendorDefined = 0x80000000UL;
constexpr long kMostRetries = 255;

/// "0x" and one to eight hexadecimal digits.
std::optional<unsigned long> hex_number(std::string_view key) {
  if (!key.starts_with("0x") || key.size() < 3 || key.size() > 10) return std::nullopt;
  unsigned long number = 0;
  const auto* end = key.data() + key.size();
  const auto [rest, fault] = std::from_chars(key.data() + 2, end, number, 16);
  if (fault != std::errc{} || rest != end) return std::nullopt;
  return number;
}

/// A table whose keys are numbers; `value(Table&, key)` reads one value.
template <class Value, class Read>
std::map<unsigned long, Value> numbered(Table& root, std::string_view key, unsigned long least,
                                        Read value) {
  std::map<unsigned long, Value> out;
  root.optional_table(key, [&](Table& rows) {
    for (const auto& row : rows.keys()) {
      const auto number = hex_number(row);
      if (!number || *number < least || !out.emplace(*number, value(rows, row)).second)
        rows.reject(row);
    }
  });
  return out;
}

/// Absolute (POSIX, or with a Windows drive), or a bare name: a relative path would depend on where
/// ukey is started.
bool is_module_file(std::string_view text) {
  if (!is_text(text)) return false;
  const bool drive = text.size() > 3 && text[1] == ':' && (text[2] == '\\' || text[2] == '/');
  return text.front() == '/' || drive || text.find_first_of("/\\") == text.npos;
}

/// Returns whether any system has a module file.
bool read_modules(Table& root, model::TokenProfile& out) {
  bool any = false;
  root.optional_table("modules", [&](Table& modules) {
    for (const std::string_view system : {"linux", "windows", "macos"}) {
      auto files = modules.optional_texts(system, is_module_file);
      any = any || !files.empty();
      if (system == kThisSystem) out.module_files = std::move(files);
    }
  });
  return any;
}

void read_match(Table& root, model::TokenProfile& out) {
  root.optional_tables("match", [&out](Table& row) {
    model::TokenMatch match{row.required_text("manufacturer"), row.required_text("model")};
    if (match.manufacturer == "*" && match.model == "*") row.reject("manufacturer");
    row.findings().claim("match " + match.manufacturer + '\n' + match.model,
                         row.place_of("manufacturer"));
    out.match.push_back(std::move(match));
  });
}

void read_seals(Table& root, model::TokenProfile& out) {
  out.seal_labels = default_seal_labels();
  root.required_table("seals", [&out](Table& seals) {
    out.seal_privacy = seals.required_choice("privacy", kPrivacies);
    seals.optional_table("labels", [&out](Table& labels) {
      for (const auto& [name, role] : kSealRoles)
        if (labels.has(name)) out.seal_labels[role] = labels.required_texts(name);
    });
  });
}

/// What to do next, by the symbol of an error code.
void read_hints(Table& root, model::TokenProfile& out) {
  root.optional_table("hints", [&out](Table& rows) {
    for (const auto& row : rows.keys()) {
      auto words = rows.required_words(row);
      if (const auto code = base::code_named(row))
        out.hints[*code] = std::move(words);
      else
        rows.reject(row);
    }
  });
}

}  // namespace

model::SealLabels default_seal_labels() {
  return {{model::SealRole::unit, {"单位公章", "公章"}},
          {model::SealRole::legal_rep, {"法人章", "法定代表人章"}},
          {model::SealRole::signature, {"手写签名", "签名"}}};
}

model::TokenProfile read_token(Table& root) {
  model::TokenProfile out;
  out.id = read_id(root);
  out.name = root.required_words("name");
  out.autoload = root.required_flag("autoload");
  out.concurrent = root.optional_flag("concurrent").value_or(false);
  if (const auto limit = root.optional_number("retry_limit", 1, kMostRetries))
    out.retry_limit = static_cast<unsigned>(*limit);
  read_match(root, out);
  const bool loadable = read_modules(root, out);
  if (out.match.empty() && !loadable) root.reject("match");
  read_seals(root, out);
  const auto text = [](Table& rows, const std::string& key) { return rows.required_text(key); };
  const auto words = [](Table& rows, const std::string& key) { return rows.required_words(key); };
  out.mechanisms = numbered<std::string>(root, "mechanisms", kVendorDefined, text);
  out.key_types = numbered<std::string>(root, "key_types", kVendorDefined, text);
  out.errors = numbered<base::Words>(root, "errors", 1, words);
  read_hints(root, out);
  out.notes = root.optional_words("notes");
  out.unconfirmed = read_unconfirmed(root);
  out.file = root.findings().file();
  return out;
}

}  // namespace ukey::profile
