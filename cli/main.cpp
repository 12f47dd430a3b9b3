#include <string>
#include <vector>

#include "cli/app.hpp"

int main(int argc, char** argv) {
  return ukey::cli::run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
