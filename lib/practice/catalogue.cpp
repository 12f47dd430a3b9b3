#include "practice/catalogue.hpp"

#include <array>

namespace ukey::practice {

namespace {

using K = PracticeKind;

// kind, name, token label, holder, stem, CA, days left, seals: unit, legal representative,
// signature; user PIN locked
// clang-format off
constexpr std::array<Entry, 9> kCatalogue{{
    {K::master_due, "master-due", "练习-企业主锁-临期",
     "青海练习建设有限公司", "PRACT001", Brand::bjca, 20, true, true, true, false},
    {K::master, "master", "练习-企业主锁-有效",
     "青海练习监理有限公司", "PRACT002", Brand::bjca, 200, true, true, true, false},
    {K::sub_due, "sub-due", "练习-企业副锁-临期",
     "青海练习建设有限公司", "PRACT001", Brand::bjca, 12, false, false, false, false},
    {K::master_expired, "master-expired", "练习-企业主锁-过期",
     "青海练习设计有限公司", "PRACT003", Brand::bjca, -15, true, true, true, false},
    {K::jsca, "jsca", "练习-江苏主锁-临期",
     "青海练习勘察有限公司", "PRACT004", Brand::jsca, 20, true, true, true, false},
    {K::master_no_legal_seal, "master-no-legal-seal", "练习-主锁-缺法人章",
     "青海练习代理有限公司", "PRACT005", Brand::bjca, 25, true, false, true, false},
    {K::expert, "expert", "练习-评标专家",
     "练习专家", "", Brand::hbca, 8, false, false, true, false},
    {K::locked, "locked", "练习-企业主锁-锁定",
     "青海练习园林有限公司", "PRACT006", Brand::bjca, 100, true, true, true, true},
    {K::blank, "blank", "练习-空白",
     "", "", Brand::bjca, 0, false, false, false, false},
}};
// clang-format on

}  // namespace

std::span<const Entry> catalogue() { return kCatalogue; }

const Entry* find_entry(std::string_view name) {
  for (const auto& entry : kCatalogue) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace ukey::practice
