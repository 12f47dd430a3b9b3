// Renewals as far as they need no CA.
#include "ops/renewal.hpp"

#include "fixture.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using base::Code;

TEST_CASE("a token whose place one with the same names takes during a question gets no PIN") {
  const NineTokens tokens;
  static unsigned long meant, other;
  meant = only_token(bench_of(label_of("master-due"))).slot;
  other = only_token(bench_of(label_of("sub-due"))).slot;
  static bool swapped = false;
  static Tap<& CK_FUNCTION_LIST::C_OpenSession>* tap = nullptr;
  Tap<&CK_FUNCTION_LIST::C_OpenSession> mine(
      [](CK_SLOT_ID slot, CK_FLAGS flags, void* data, CK_NOTIFY notify, CK_SESSION_HANDLE* out) {
        return tap->original(swapped && slot == meant ? other : slot, flags, data, notify, out);
      });
  tap = &mine;
  const Renamed renamed("0000000000000000", "CAC II");
  const auto bench = bench_of("pkcs11:slot-id=" + std::to_string(meant));
  bench->clock = made;
  const Asked asked(*bench);
  RenewalOrder order;
  order.deliver = [](const std::vector<model::RequestRow>&) {};
  order.confirm = [](const model::Card&) { swapped = true; };
  CHECK(error_of([&] { (void)request_renewal(bench, order); }).code() == Code::token_removed);
  CHECK(asked.serials().empty());
  swapped = false;
  order.confirm = nullptr;
  CHECK(request_renewal(bench, order).result == model::RenewalResult::requested);
  CHECK(asked.serials().size() == 1);
}
