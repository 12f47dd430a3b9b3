#include "ops/seals.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "p11/object.hpp"
#include "policy/lock.hpp"
#include "profile/reader.hpp"
#include "seal/seal.hpp"

namespace ukey::ops {

namespace {

constexpr std::size_t kMostSeal = 16U << 20;

model::SealLabels labels_for(const model::TokenProfile* profile) {
  return profile != nullptr ? profile->seal_labels : profile::default_seal_labels();
}

model::SealRow read_one(const Visit& visit, model::SealObject& object) {
  model::SealRow row{object, {}};
  if (!object.error && object.size.value_or(1) > 0) {
    try {
      const auto octets = p11::read_value(visit.session(), object.handle, kMostSeal);
      row.contents = seal::inspect(octets);
      row.contents->octets = octets;
      object.format = row.contents->format;
    } catch (const base::Error& error) {
      // the token is gone, not the seal
      if (error.code() == base::Code::token_removed || p11::is_lost(error)) throw;
      object.error = error.about(object.label);
    }
  }
  row.object = object;
  return row;
}

std::optional<model::SealRole> seal_role(const std::string& selector) {
  if (selector == "unit") return model::SealRole::unit;
  if (selector == "legal_rep") return model::SealRole::legal_rep;
  if (selector == "signature") return model::SealRole::signature;
  return std::nullopt;
}

bool is_listed(const model::SealRow& row) {
  if (row.object.role || row.object.error) return true;
  return row.contents && row.contents->format != model::SealFormat::unknown;
}

}  // namespace

std::vector<model::SealObject> read_seal_objects(const Visit& visit,
                                                 const model::TokenProfile* profile) {
  auto objects = p11::read_data_objects(visit.session());
  const auto labels = labels_for(profile);
  for (auto& object : objects) object.role = policy::seal_role(object.label, labels);
  return objects;
}

std::vector<model::SealRow> read_contents(const Visit& visit,
                                          std::vector<model::SealObject>& objects, bool every) {
  std::vector<model::SealRow> rows;
  for (auto& object : objects)
    rows.push_back(object.role || every ? read_one(visit, object) : model::SealRow{object, {}});
  return rows;
}

TokenSeals read_token_seals(const SharedBench& bench, bool contents) {
  const Present token = only_token(bench);
  return supervised_on<TokenSeals>(bench, token, [bench, token, contents] {
    const Visit visit{*bench, token};
    auto objects = read_seal_objects(visit, token.profile);
    TokenSeals out{token.ref, {}};
    if (contents) {
      out.rows = read_contents(visit, objects, true);
    } else {
      for (const auto& object : objects) out.rows.push_back({object, {}});
    }
    std::erase_if(out.rows, [](const auto& row) { return !is_listed(row); });
    return out;
  });
}

model::SealRow file_seal(const std::string& path) {
  const auto octets = base::read_file(path, kMostSeal);
  model::SealRow row;
  row.object.label = path.substr(path.rfind('/') + 1);
  row.object.size = octets.size();
  row.contents = seal::inspect(octets);
  row.contents->octets = octets;
  row.object.format = row.contents->format;
  if (*row.object.format == model::SealFormat::unknown)
    throw base::Error{base::Code::bad_input, path};
  return row;
}

std::vector<model::SealRow> picked(std::vector<model::SealRow> rows, const std::string& selector) {
  if (selector.empty()) return rows;
  const auto role = seal_role(selector);
  std::erase_if(rows, [&](const model::SealRow& row) {
    return row.object.label != selector && !(role && row.object.role == role);
  });
  if (rows.empty()) throw base::Error{base::Code::not_found, selector};
  return rows;
}

}  // namespace ukey::ops
