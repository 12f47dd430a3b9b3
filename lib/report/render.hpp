// A JSON document as text for people, in either language. Every command has a page; one without a
// page of its own gets its keys and values in order.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "report/style.hpp"

namespace ukey::report {

/// The page for `document["command"]`; of an error document its three lines. Lines end with LF,
/// none is wider than the style's width unless a single fact is, and no text from outside can steer
/// the terminal.
[[nodiscard]] std::string render(const nlohmann::ordered_json& document, const Style& style);

/// One line of `watch` with what there is below it: the time, what happened, and of a token that
/// came its card. Otherwise as `render`.
[[nodiscard]] std::string render_sighting(const nlohmann::ordered_json& line, const Style& style);

}  // namespace ukey::report
