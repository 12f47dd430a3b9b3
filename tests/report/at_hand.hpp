// What the tests of pages and of words share: the samples' names, at hand without their namespace.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/report/sample.hpp"

namespace ukey::report::sample::at_hand {

using sample::check_fits;
using sample::frame;
using sample::has;
using sample::lines;
using sample::shown;
using sample::style;
using sample::widest;

}  // namespace ukey::report::sample::at_hand
