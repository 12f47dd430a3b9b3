// toml++ as a distribution builds it: a compiled library, which its CMake target forgets to say.
// Only this room's sources include it.
#pragma once

#ifndef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 0
#endif
#include <toml++/toml.h>
