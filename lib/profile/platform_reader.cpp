#include <algorithm>
#include <map>
#include <set>

#include "profile/parts.hpp"

namespace ukey::profile {

namespace {

using model::Platform;
using model::Service;
using model::ServiceGuide;
using model::Source;
using model::Statement;

constexpr long kMostDays = 3660;
constexpr long kMostYears = 30;
constexpr long kMostTolerance = 180;

constexpr Symbols<Source, 2> kSources{{{"guide", Source::guide}, {"own", Source::own}}};
constexpr Symbols<model::HolderKind, 2> kHolders{
    {{"enterprise", model::HolderKind::enterprise}, {"individual", model::HolderKind::individual}}};
constexpr Symbols<Service, 6> kServices{{{"first_issue", Service::first_issue},
                                         {"renew", Service::renew},
                                         {"change", Service::change},
                                         {"unlock", Service::unlock},
                                         {"lost", Service::lost},
                                         {"damaged", Service::damaged}}};

bool is_zone(std::string_view text) { return base::parse_zone(text).has_value(); }

Statement read_statement(Table& row) {
  return {{row.required_text("zh"), row.required_text("en")},
          row.required_choice("source", kSources)};
}

/// The statements of [texts], each written once and named where it is shown.
class Texts {
 public:
  explicit Texts(Table& root) {
    root.optional_table("texts", [this](Table& rows) {
      for (const auto& name : rows.keys())
        rows.optional_table(name, [&](Table& row) {
          known_.emplace(name, Row{read_statement(row), row.place_of(""), false});
        });
    });
  }

  /// The statements of a list: names of [texts], or tables written in place. No name twice.
  std::vector<Statement> list(Table& table, std::string_view key) {
    std::vector<Statement> out;
    std::set<std::string> named;
    for (const auto& [node, place] : table.items(key)) {
      if (const auto* in_place = node->as_table()) {
        Table row(*in_place, place, table.findings());
        out.push_back(read_statement(row));
        row.finish();
        continue;
      }
      const auto name = node->value_exact<std::string>().value_or("");
      const auto row = known_.find(name);
      if (row == known_.end() || !named.insert(name).second) {
        table.findings().add(place);
        continue;
      }
      row->second.used = true;
      out.push_back(row->second.statement);
    }
    return out;
  }

  /// A finding for each text that nothing names.
  void finish(Findings& findings) const {
    for (const auto& [name, row] : known_)
      if (!row.used) findings.add(row.place);
  }

 private:
  struct Row {
    Statement statement;
    Place place;
    bool used;
  };
  std::map<std::string, Row> known_;
};

/// A table with a `source` beside what `read(Table&)` reads; the source is kept under the table's
/// path.
template <class Read>
void datum(Table& at, std::string_view key, Platform& out, Read read) {
  at.required_table(key, [&](Table& row) {
    read(row);
    out.sources[row.place_of("").key] = row.required_choice("source", kSources);
  });
}

std::chrono::days read_days(Table& root, std::string_view key, long most, Platform& out) {
  std::chrono::days days{0};
  datum(root, key, out,
        [&](Table& row) { days = std::chrono::days{row.required_number("value", 0, most)}; });
  return days;
}

void read_renewal(Table& root, Platform& out) {
  datum(root, "zone", out, [&](Table& row) {
    out.zone = base::parse_zone(row.required_text("value", is_zone)).value_or(base::Zone{});
  });
  out.window = read_days(root, "window_days", kMostDays, out);
  out.grace = read_days(root, "grace_days", kMostDays, out);
  out.term_tolerance = read_days(root, "term_tolerance_days", kMostTolerance, out);
  datum(root, "term_years", out, [&](Table& row) {
    for (const long years : row.required_numbers("value", 1, kMostYears))
      out.term_years.push_back(static_cast<unsigned>(years));
  });
  datum(root, "renewable_cas", out, [&](Table& row) {
    out.renewable_cas = row.required_texts("value", is_id);
    for (const auto& ca : out.renewable_cas) row.findings().refer(ca, row.place_of("value"));
  });
}

void read_required_seals(Table& root, Platform& out) {
  root.required_table("required_seals", [&](Table& kinds) {
    for (const auto& [name, kind] : kHolders) {
      auto& seals = out.required_seals[kind];
      datum(kinds, name, out, [&seals](Table& row) {
        const auto known = [](std::string_view word) {
          return meaning(kSealRoles, word).has_value();
        };
        for (const auto& word : row.required_texts("value", known))
          if (const auto seal = meaning(kSealRoles, word)) seals.push_back(*seal);
      });
    }
  });
}

void read_contacts(Table& root, Platform& out) {
  root.optional_table("contacts", [&](Table& cas) {
    for (const auto& ca : cas.keys()) {
      datum(cas, ca, out, [&](Table& row) { out.contacts[ca] = read_contact(row); });
      cas.findings().refer(ca, cas.place_of(ca));
    }
  });
}

ServiceGuide read_service(Table& service, Texts& texts, Platform& out) {
  ServiceGuide guide;
  if (service.has("needs_old_key"))
    datum(service, "needs_old_key", out,
          [&guide](Table& row) { guide.needs_old_key = row.required_flag("value"); });
  guide.enterprise = texts.list(service, "enterprise");
  guide.individual = texts.list(service, "individual");
  guide.channels = texts.list(service, "channels");
  guide.terms = texts.list(service, "terms");
  guide.warnings = texts.list(service, "warnings");
  return guide;
}

}  // namespace

model::Platform read_platform_table(Table& root) {
  Platform out;
  out.id = read_id(root);
  out.name = root.required_words("name");
  read_renewal(root, out);
  read_required_seals(root, out);
  Texts texts(root);
  root.optional_table("services", [&](Table& services) {
    for (const auto& row : kServices)
      services.optional_table(row.first, [&](Table& service) {
        out.services[row.second] = read_service(service, texts, out);
      });
  });
  read_contacts(root, out);
  out.place = texts.list(root, "place");
  out.site = texts.list(root, "site");
  out.basis = texts.list(root, "basis");
  out.registration = texts.list(root, "registration");
  out.fee = texts.list(root, "fee");
  texts.finish(root.findings());
  out.file = root.findings().file();
  return out;
}

}  // namespace ukey::profile
