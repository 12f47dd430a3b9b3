// Practice cards with fixed dates, for the tests of report/. Nothing in them is a real holder.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "model/card.hpp"
#include "model/setting.hpp"
#include "report/describe.hpp"
#include "report/render.hpp"

namespace ukey::report::sample {

using namespace std::chrono_literals;

inline constexpr base::Zone kBeijing{8h};

base::Time time(std::string_view text);
model::CertificateRow certificate(model::Role role);
model::Evidence evidence(model::SealRole seal, bool found, std::string object);
model::TokenRef token();

/// A main lock of an enterprise on the first days of its renewal window.
model::Card master();

model::Setting setting();
Style style(Lang lang, bool ascii = false);
Json status(std::vector<model::Card> cards, const Options& options = {});
std::vector<std::string> lines(const std::string& text);

/// The widest line of `text`, in columns.
std::size_t widest(const std::string& text);
bool has(const std::string& text, std::string_view part);

/// The frame of a command on one token.
Json frame(const char* command);
std::string shown(const Json& document, Lang lang = Lang::en);

/// The page says something in both languages, and something different, within the width.
void check_fits(const Json& document);

/// A main lock that lacks the legal representative's seal.
model::Card incomplete_master();

}  // namespace ukey::report::sample
