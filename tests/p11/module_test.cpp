#include "p11/module.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <cstring>
#include <fstream>

#include "tests/p11/caught.hpp"
#include "tests/p11/fake.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using base::Code;

namespace {

base::Error load_error(const std::string& file, Recorder& recorder) {
  return error_of([&] { (void)p11::Module::load(file, recorder.door); });
}

}  // namespace

TEST_CASE("a missing module file is told without an answer") {
  Recorder recorder;
  const auto error = load_error("/nonexistent/module.so", recorder);
  CHECK(error.code() == Code::no_module);
  CHECK(error.subject() == "/nonexistent/module.so");
  CHECK_FALSE(error.answer());
  CHECK(*recorder.calls == std::vector<std::string>{"dlopen"});
  CHECK(load_error("", recorder).code() == Code::no_module);
}

TEST_CASE("a text file and a folder are no modules") {
  const Store store;
  std::ofstream{store.path("text.so")} << "no library\n";
  Recorder recorder;
  for (const auto& file : {store.path("text.so"), store.path("tokens")}) {
    const auto error = load_error(file, recorder);
    CHECK(error.code() == Code::no_module);
    CHECK(error.subject() == file);
    REQUIRE(error.answer());
    CHECK(error.answer()->call == "dlopen");
  }
}

TEST_CASE("a library without C_GetFunctionList is no module") {
  Recorder recorder;
  const auto error = load_error("libc.so.6", recorder);
  CHECK(error.code() == Code::no_module);
  REQUIRE(error.answer());
  CHECK(error.answer()->call == "C_GetFunctionList");
  CHECK(*recorder.calls == std::vector<std::string>{"dlopen"});
}

TEST_CASE("a module whose store cannot be read is broken and answers so") {
  const Store store;
  setenv("SOFTHSM2_CONF", "/nonexistent/softhsm2.conf", 1);
  Recorder recorder;
  const auto error = load_error(kSoftHsm, recorder);
  CHECK(error.code() == Code::module_broken);
  CHECK(error.subject() == kSoftHsm);
  REQUIRE(error.answer());
  CHECK(error.answer()->call == "C_Initialize");
  CHECK(error.answer()->rv != CKR_OK);
  CHECK(recorder.count("C_Finalize") == 0);
}

TEST_CASE("the last copy of a module finalises it, and it can be loaded again") {
  const Store store;
  Recorder recorder;
  for (int round = 1; round <= 2; ++round) {
    auto first = p11::Module::load(kSoftHsm, recorder.door);
    auto second = std::make_unique<p11::Module>(first);
    CHECK(second->file() == kSoftHsm);
    second.reset();
    CHECK(recorder.count("C_Finalize") == round - 1);
    CHECK(first.slots_with_token().size() == 2);
    first = p11::Module(first);
    CHECK(recorder.count("C_Finalize") == round - 1);
  }
  CHECK(recorder.count("C_Finalize") == 2);
}

TEST_CASE("a module that someone else initialised is used and not finalised") {
  Fake fake;
  fake.initialize = [](CK_C_INITIALIZE_ARGS*) { return CKR_CRYPTOKI_ALREADY_INITIALIZED; };
  CHECK(fake.module().slots_with_token() == std::vector<unsigned long>{7});
  CHECK(fake.finalised == 0);
}

TEST_CASE("a module that cannot lock is initialised without arguments") {
  Fake fake;
  std::vector<bool> with_arguments;
  fake.initialize = [&](CK_C_INITIALIZE_ARGS* args) {
    with_arguments.push_back(args != nullptr);
    if (args) CHECK(args->flags == CKF_OS_LOCKING_OK);
    return args ? CKR_CANT_LOCK : CKR_OK;
  };
  { const auto module = fake.module(); }
  CHECK(with_arguments == std::vector<bool>{true, false});
  CHECK(fake.finalised == 1);
}

TEST_CASE("functions that a module does not have are not supported, not a crash") {
  Fake fake;
  fake.functions = {};
  CHECK(error_of([&] { (void)fake.module(); }).code() == Code::module_broken);
  Fake other;
  const auto initialize = other.functions.C_Initialize;
  other.functions = {};
  other.functions.C_Initialize = initialize;
  const auto module = other.module();
  CHECK(error_of([&] { (void)module.slots_with_token(); }).code() == Code::not_supported);
  CHECK(error_of([&] { (void)module.token_info(7); }).code() == Code::not_supported);
  const auto error = error_of([&] { (void)p11::Session::open(module, 7, false); });
  CHECK(error.code() == Code::not_supported);
  CHECK(error.answer()->ckr == "CKR_FUNCTION_NOT_SUPPORTED");
}

TEST_CASE("up to 64 slots cost one call, more cost two, and 4096 is the most") {
  Fake fake;
  Recorder recorder;
  const auto module = fake.module(recorder.door);
  for (const auto& [slots, calls] :
       std::vector<std::pair<std::size_t, long>>{{0, 1}, {1, 1}, {64, 1}, {65, 2}, {4096, 2}}) {
    fake.slots.assign(slots, 3);
    recorder.calls->clear();
    CHECK(module.slots_with_token().size() == slots);
    CHECK(recorder.count("C_GetSlotList") == calls);
  }
  fake.slots.assign(4097, 3);
  CHECK(error_of([&] { (void)module.slots_with_token(); }).code() == Code::module_broken);
}

TEST_CASE("slot counts that cannot be are not believed, and asking again ends") {
  Fake fake;
  Recorder recorder;
  const auto module = fake.module(recorder.door);
  const std::vector<std::pair<CK_RV, unsigned long>> lies{
      {CKR_OK, 65},
      {CKR_OK, CK_UNAVAILABLE_INFORMATION},
      {CKR_BUFFER_TOO_SMALL, 1UL << 40},
      {CKR_BUFFER_TOO_SMALL, 1},
      {CKR_BUFFER_TOO_SMALL, CK_UNAVAILABLE_INFORMATION}};
  for (const auto& [rv, told] : lies) {
    fake.slot_list = [rv = rv, told = told](unsigned long*, unsigned long* count) {
      *count = told;
      return rv;
    };
    recorder.calls->clear();
    CHECK(error_of([&] { (void)module.slots_with_token(); }).code() == Code::module_broken);
    CHECK(recorder.count("C_GetSlotList") <= 7);
  }
}

TEST_CASE("what a token says of itself is decoded and kept whole") {
  Fake fake;
  std::memset(fake.token.label, 0xff, sizeof fake.token.label);
  fake.token.ulTotalPublicMemory = CK_UNAVAILABLE_INFORMATION;
  fake.token.ulFreePublicMemory = 1234;
  fake.token.hardwareVersion = {1, 2};
  fake.token.flags |= CKF_USER_PIN_FINAL_TRY | CKF_SO_PIN_LOCKED;
  const auto info = fake.module().token_info(7);
  CHECK(base::hex(info.raw_label) == std::string(64, 'f'));
  CHECK(info.label.substr(0, 8) == "\\xff\\xff");
  CHECK(info.serial == "0001");
  CHECK(info.raw_serial.size() == 16);
  CHECK_FALSE(info.total_public_memory);
  CHECK(info.free_public_memory == 1234);
  CHECK(info.hardware_version == "1.2");
  CHECK(info.flags.initialised);
  CHECK(info.flags.user_final_try);
  CHECK(info.flags.so_locked);
  CHECK_FALSE(info.flags.user_locked);
  CHECK(info.min_pin == 6);
  CHECK(info.max_pin == 16);
}

TEST_CASE("a module that opens a session without a handle is broken") {
  Fake fake;
  fake.open_session = [](unsigned long* session) {
    *session = 0;
    return CKR_OK;
  };
  CHECK(error_of([&] { (void)p11::Session::open(fake.module(), 7, true); }).code() ==
        Code::module_broken);
}

TEST_CASE("a session closes once, however often it was moved") {
  Fake fake;
  Recorder recorder;
  {
    auto first = p11::Session::open(fake.module(recorder.door), 7, true);
    auto second = std::move(first);
    auto third = p11::Session::open(second.module(), 7, false);
    third = std::move(second);
    CHECK(recorder.count("C_CloseSession") == 1);
    CHECK(third.read_write());
  }
  CHECK(recorder.count("C_CloseSession") == 2);
  CHECK(recorder.calls->back() == "C_Finalize");
}
