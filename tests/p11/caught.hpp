// How the tests of this room catch an error to look at it.
#pragma once

#include <doctest/doctest.h>

#include "base/error.hpp"

namespace ukey::tests {

/// The error that `work` throws; fails the test when it throws none.
template <class Work>
base::Error error_of(Work&& work) {
  try {
    work();
  } catch (const base::Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  return base::Error(base::Code::bug);
}

}  // namespace ukey::tests
