#include <doctest/doctest.h>

#include <fstream>
#include <thread>

#include "ca_fixture.hpp"

using namespace ukey::practice;
using namespace ukey::practice::test;
namespace base = ukey::base;
namespace model = ukey::model;
using base::Code;

namespace {

std::size_t issues(const PracticeCa& ca) { return ca.registry().issues().size(); }

/// A client's first message, as it would be sent.
base::Bytes first_message(const PracticeCa& ca, Responder& responder, const Ask& ask) {
  const auto context = detail::context_of(ca, responder, ask);
  base::Bytes sent;
  OSSL_CMP_CTX_set_transfer_cb_arg(context.get(), &sent);
  OSSL_CMP_CTX_set_transfer_cb(
      context.get(), [](OSSL_CMP_CTX* c, const OSSL_CMP_MSG* message) -> OSSL_CMP_MSG* {
        const ukey::x509::BioPtr out{BIO_new(BIO_s_mem())};
        i2d_OSSL_CMP_MSG_bio(out.get(), message);
        unsigned char* octets = nullptr;
        const auto size = BIO_get_mem_data(out.get(), &octets);
        *static_cast<base::Bytes*>(OSSL_CMP_CTX_get_transfer_cb_arg(c)) = {octets, octets + size};
        return nullptr;
      });
  OSSL_CMP_exec_certreq(context.get(), ask.command, nullptr);
  ERR_clear_error();
  return sent;
}

}  // namespace

TEST_CASE("what is no PKIMessage is the client's fault and opens nothing") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  Responder responder(ca.conduct());
  const auto whole = first_message(ca, responder, renewal_of(holder, holder.sign));
  REQUIRE(whole.size() > 500);
  const auto refused = [&](base::ByteView message) {
    return code_of([&] { (void)responder.answer(message); }) == Code::bad_input;
  };
  CHECK(refused({}));
  CHECK(refused(base::as_bytes("GET / HTTP/1.0")));
  for (std::size_t size = 0; size < whole.size(); size += 97)
    CHECK(refused(base::ByteView(whole).first(size)));
  auto longer = whole;
  longer.push_back(0);
  CHECK(refused(longer));
  CHECK(responder.open() == 0);
  CHECK(issues(ca) == 1);
}

TEST_CASE("a message that was changed under way is refused, wherever it was changed") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  Responder responder(ca.conduct());
  const auto whole = first_message(ca, responder, renewal_of(holder, holder.encrypt));
  const auto ask = renewal_of(holder, holder.sign);
  const auto message = first_message(ca, responder, ask);
  for (std::size_t at = 0; at < message.size(); at += 11) {
    auto changed = message;
    changed[at] ^= 0x20;
    try {
      (void)responder.answer(changed);
    } catch (const base::Error& error) {
      CHECK(error.code() == Code::bad_input);
    }
  }
  // only what the protection does not cover may have been changed: the certificates beside it
  for (const auto& issue : ca.registry().issues())
    CHECK((issue.renews.empty() || issue.renews == holder.old_sign.sha256));
}

TEST_CASE("a request signed with another key than the certificate's is refused") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  Responder responder(ca.conduct());
  auto ask = renewal_of(holder, holder.sign);
  ask.signer_key = &holder.encrypt;  // OpenSSL's client does not even send this
  CHECK(!ask_for(ca, responder, ask).certificate);
  ask = renewal_of(holder, holder.sign);
  ask.signer = &holder.old_encrypt;  // no certificate to sign with
  ask.signer_key = &holder.encrypt;
  CHECK(!ask_for(ca, responder, ask).certificate);
  const auto forged =
      ca.certificate(holder.sign, Brand::bjca, 30, ukey::x509::KeyUsage::digital_signature);
  ask = renewal_of(holder, holder.sign);
  ask.signer = &forged;  // by this CA, and not in its register
  CHECK(!ask_for(ca, responder, ask).certificate);
  CHECK(issues(ca) == 1);
}

TEST_CASE("the client polls as often as it is told to, and then gets its certificate") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  auto conduct = ca.conduct();
  conduct.polls = 2;
  Responder responder(conduct);
  const auto got = ask_for(ca, responder, renewal_of(holder, holder.sign));
  CHECK(got.certificate);
  CHECK(got.others.size() == 1);
  CHECK(issues(ca) == 2);
  CHECK(responder.open() == 0);
}

TEST_CASE("the faults to train with: a reason of one's own, and a certificate for another key") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  auto conduct = ca.conduct();
  conduct.rejection = "资料不全";
  Responder stubborn(conduct);
  const auto refused = ask_for(ca, stubborn, renewal_of(holder, holder.sign));
  CHECK(!refused.certificate);
  CHECK(refused.reason == "资料不全");
  CHECK(stubborn.open() == 0);
  conduct.rejection.clear();
  conduct.wrong_key = true;
  Responder careless(conduct);
  CHECK(!ask_for(ca, careless, renewal_of(holder, holder.sign)).certificate);  // OpenSSL sees it
  CHECK(issues(ca) == 1);
}

TEST_CASE("no more transactions stay open than the CA can hold: the oldest goes") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  Responder responder(ca.conduct(), 4);
  for (int i = 0; i < 7; ++i) {
    const auto message = first_message(ca, responder, renewal_of(holder, holder.sign));
    (void)responder.answer(message);  // never confirmed
  }
  CHECK(responder.open() == 4);
  CHECK(issues(ca) == 2);
  CHECK(ask_for(ca, responder, renewal_of(holder, holder.sign)).certificate);
  CHECK(responder.open() == 3);
}

TEST_CASE("many clients at once are kept apart, and two CAs over one folder give no pair twice") {
  const PracticeCa ca;
  std::vector<Customer> holders;
  for (int i = 0; i < 8; ++i) holders.push_back(ca.customer("T" + std::to_string(i)));
  Responder first(ca.conduct()), second(ca.conduct());
  std::vector<std::thread> threads;
  std::vector<Got> results(2 * holders.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&, i] {
      const auto& holder = holders[i / 2];
      results[i] = ask_for(ca, i % 2 == 0 ? first : second, renewal_of(holder, holder.sign));
    });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t i = 0; i < holders.size(); ++i) {
    REQUIRE(results[2 * i].certificate);
    REQUIRE(results[2 * i + 1].certificate);
    CHECK(results[2 * i].certificate->sha256 == results[2 * i + 1].certificate->sha256);
    CHECK(results[2 * i].certificate->subject_key_id == holders[i].old_sign.subject_key_id);
    CHECK(results[2 * i].others.at(0).subject_key_id == holders[i].old_encrypt.subject_key_id);
  }
  CHECK(issues(ca) == 2 * holders.size());
}

TEST_CASE("a folder without a register, or with a broken file in it, is told by its path") {
  const PracticeCa ca;
  (void)ca.customer("T1");
  const auto folder = ca.conduct().folder;
  std::ofstream(folder / "issued" / "notes.txt") << "no issue";
  CHECK(issues(ca) == 1);
  for (const char* text :
       {"", "token T\n", "brand bjca\n", "token T\nbrand moon\n", "nonsense\n"}) {
    std::ofstream(folder / "issued" / "0007.pem") << text;
    CHECK(code_of([&] { Responder responder(ca.conduct()); }) == Code::bad_input);
  }
  std::filesystem::remove_all(folder / "issued");
  CHECK(!ca.registry().exists());
  CHECK(code_of([&] { Responder responder(ca.conduct()); }) == Code::bad_input);
}

TEST_CASE(
    "the register tells the newest certificate of a token and role, and skips what is withdrawn") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  (void)ca.customer("T2");
  Issue issue = ca.registry().issues().front();
  issue.certificates = {
      ca.certificate(holder.sign, Brand::bjca, 300, ukey::x509::KeyUsage::digital_signature)};
  issue.renews = holder.old_sign.sha256;
  issue.state = IssueState::issued;
  issue.number = ca.registry().add(issue);
  auto all = ca.registry().issues();
  CHECK(all.size() == 3);
  CHECK(all.back().renews == holder.old_sign.sha256);
  const auto newest = last_certificate(all, "T1", model::Role::sign);
  CHECK(newest.certificate->sha256 == issue.certificates.front().sha256);
  CHECK(last_certificate(all, "T1", model::Role::encrypt).certificate->sha256 ==
        holder.old_encrypt.sha256);
  ca.registry().set_state(issue, IssueState::withdrawn);
  all = ca.registry().issues();
  CHECK(last_certificate(all, "T1", model::Role::sign).certificate->sha256 ==
        holder.old_sign.sha256);
  CHECK(!last_certificate(all, "T3", model::Role::sign));
  CHECK(!find_certificate(all, base::as_bytes("nothing")));
}
