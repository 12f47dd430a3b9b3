// Folders that nobody else may enter, and that do not outlive their owner.
#include "base/private_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "base/file.hpp"

using namespace ukey::base;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(const fs::path& path) {
  struct stat facts {};
  REQUIRE(stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777U;
}

}  // namespace

TEST_CASE(
    "a private folder and its files are the owner's alone, whatever the umask, and go with it") {
  const auto before = umask(0);
  std::optional<PrivateFolder> folder{std::in_place};
  const fs::path file = folder->put("facts", "who");
  umask(before);
  CHECK(read_file(file.string(), 10) == Bytes{'w', 'h', 'o'});
  CHECK(mode_of(file) == 0600);
  CHECK(mode_of(file.parent_path()) == 0700);
  CHECK_THROWS_AS((void)folder->put("no/such", ""), Error);
  folder.reset();
  CHECK_FALSE(fs::exists(file.parent_path()));
}

TEST_CASE("a process that leaves without a destructor removes them all") {
  const PrivateFolder kept;
  const fs::path file = kept.put("facts", "who");
  const pid_t child = fork();
  if (child == 0) {
    const PrivateFolder another;
    (void)another.put("facts", "who");
    remove_private_folders();
    _exit(0);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK_FALSE(fs::exists(file.parent_path()));
}
