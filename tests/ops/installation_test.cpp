// What an installation makes of a record that somebody else could have written: it takes nothing
// from a token that the certificates themselves do not let go.
#include "ops/installation.hpp"

#include "ops/renewal_record.hpp"
#include "renewal_scene.hpp"
#include "x509/certificate.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using base::Bytes;
using base::Code;
using base::Error;
using ledger::Item;
using ledger::Stage;
using model::Role;

TEST_CASE("the former certificate for signing goes when its successor is there and tried") {
  const auto former = ending(2027), fresh = ending(2028);
  const Scene scene({former});
  CHECK(scene.finished(scene.journal(Stage::answered, item_of(Role::sign, former, fresh))) ==
        std::vector<Bytes>{fresh});
}

TEST_CASE("a certificate that was on the token before is kept when the former ones are removed") {
  const auto only = ending(2028);
  const Scene scene({only});
  CHECK(scene.finished(scene.journal(Stage::committed, item_of(Role::sign, only, only))) ==
        std::vector<Bytes>{only});
}

TEST_CASE("no record takes the later certificate, or one for encryption, from a token") {
  const auto early = ending(2027), late = ending(2028);
  const Scene backwards({early, late});
  CHECK(backwards.finished(backwards.journal(Stage::committed, item_of(Role::sign, late, early)))
            .size() == 2);
  const auto encrypts = ending(2027, false);
  const Scene disguised({encrypts, late});
  CHECK(disguised.finished(disguised.journal(Stage::committed, item_of(Role::sign, encrypts, late)))
            .size() == 2);
}

TEST_CASE(
    "a full token makes no room by a certificate for encryption that a record calls another") {
  const auto encrypts = ending(2027, false), late = ending(2028);
  const Scene scene({encrypts});
  const Demand full("C_CreateObject:1=0x31");
  CHECK(error_of([&] {
          (void)scene.finished(scene.journal(Stage::answered, item_of(Role::sign, encrypts, late)));
        }).code() == Code::token_full);
}

TEST_CASE("a record is sound only when it agrees with the certificates in it") {
  const auto early = ending(2027), late = ending(2028), encrypts = ending(2028, false);
  const Scene scene({});
  const auto thrown = [&](Stage stage, const Item& item) {
    const auto journal = scene.journal(stage, item);
    try {
      require_sound(journal);
    } catch (const base::Error& error) {
      CHECK(error.subject() == journal.path());
      return error.code();
    }
    return Code::bug;  // none
  };
  CHECK(thrown(Stage::answered, item_of(Role::sign, early, late)) == Code::bug);
  CHECK(thrown(Stage::submitted, item_of(Role::sign, early, {})) == Code::bug);
  CHECK(thrown(Stage::answered, item_of(Role::encrypt, {}, encrypts)) == Code::bug);
  auto swapped = item_of(Role::sign, early, late);
  swapped.swapped = ledger::SavedObject{early, {}, {}, {}, {}, {}};
  CHECK(thrown(Stage::answered, swapped) == Code::bug);
  swapped.swapped->value = encrypts;
  for (const auto& item :
       {item_of(Role::sign, late, early), item_of(Role::sign, late, late),
        item_of(Role::encrypt, early, late), item_of(Role::sign, encrypts, late),
        item_of(Role::sign, early, {}), item_of(Role::sign, early, octets("none")),
        item_of(Role::sign, octets("none"), late), item_of(Role::other, early, late), swapped})
    CHECK(thrown(Stage::committed, item) == Code::ledger);
}

TEST_CASE("a record with a new certificate of another unit is not sound") {
  const std::string mine = "91350100M000100Y43", other = "91630000MA0000000B";
  const Scene scene({});
  const auto check = [&](const std::string& before, const std::string& after) {
    require_sound(scene.journal(Stage::answered, item_of(Role::sign, ending(2027, true, before),
                                                         ending(2028, true, after))));
  };
  CHECK(x509::parse_certificate(ending(2027, true, mine)).holder.uscc == mine);
  CHECK_NOTHROW(check(mine, mine));
  CHECK_NOTHROW(check(mine, ""));
  CHECK_THROWS_AS(check(mine, other), Error);
}

TEST_CASE("what is removed is kept in the record first, and can be put back") {
  const auto former = ending(2027), fresh = ending(2028);
  const Scene scene({former});
  const auto journal = scene.journal(Stage::answered, item_of(Role::sign, former, fresh));
  {
    const Demand lost("C_DestroyObject!:1=0xb3");  // it is gone, and the session with it
    CHECK_THROWS_AS((void)scene.finished(journal), Error);
  }
  const auto reopened = scene.reopened();
  CHECK(reopened.record().stage == Stage::committed);
  REQUIRE(reopened.record().items.at(0).swapped);
  CHECK(scene.undone(reopened) == std::vector<Bytes>{former});
}

TEST_CASE("an undoing that is cut off can be gone on with in both directions") {
  const auto former = ending(2027), fresh = ending(2028);
  for (const bool back : {true, false}) {
    const Scene scene({former});
    const auto journal = scene.journal(Stage::answered, item_of(Role::sign, former, fresh));
    {
      const Demand lost("C_DestroyObject!:1=0xb3");
      CHECK_THROWS_AS((void)scene.finished(journal), Error);
    }
    {
      const Demand cut("C_DestroyObject!:1=0xb3");  // the fresh one, after the former is back
      CHECK_THROWS_AS((void)scene.undone(scene.reopened()), Error);
    }
    if (back)
      CHECK(scene.undone(scene.reopened()) == std::vector<Bytes>{former});
    else
      CHECK(scene.finished(scene.reopened()) == std::vector<Bytes>{fresh});
  }
}

TEST_CASE("on a token with room for one the new one goes before the former comes back") {
  const auto former = ending(2027), fresh = ending(2028);
  const Scene scene({former});
  const auto journal = scene.journal(Stage::answered, item_of(Role::sign, former, fresh));
  {
    const Demand lost("C_DestroyObject!:1=0xb3");
    CHECK_THROWS_AS((void)scene.finished(journal), Error);
  }
  const Demand full("C_CreateObject:1=0x31");
  CHECK(scene.undone(scene.reopened()) == std::vector<Bytes>{former});
}

TEST_CASE("nothing is taken away while the one before it is neither on the token nor kept") {
  const auto former = ending(2027), fresh = ending(2028);
  const Scene scene({fresh});
  const auto error = error_of([&] {
    (void)scene.undone(scene.journal(Stage::committed, item_of(Role::sign, former, fresh)));
  });
  CHECK(error.code() == Code::token_refused);
  CHECK(error.cause() == base::Cause::no_former);
  CHECK(scene.finished(scene.reopened()) == std::vector<Bytes>{fresh});
}

TEST_CASE("after a write that nobody answered for the generation is unknown") {
  const auto former = ending(2027), fresh = ending(2028);
  const Scene scene({former});
  auto journal = scene.journal(Stage::answered, item_of(Role::sign, former, fresh));
  const Demand lost("C_CreateObject!:1=0x30");
  const Visit visit{*scene.bench, only_token(scene.bench), Access::read_write};
  Installation work{visit, journal, made, [](model::RenewalStep) {}};
  CHECK_THROWS_AS(work.finish(), Error);
  CHECK(work.generation() == model::Generation::unknown);
}

TEST_CASE("a record whose certificates a token does not hold neither goes on there nor goes back") {
  const auto former = ending(2027), fresh = ending(2028), its_own = ending(2029);
  const Scene scene({its_own});
  const auto before = scene.journal(Stage::answered, item_of(Role::sign, former, fresh));
  for (const bool undo : {false, true}) {
    const auto error = error_of(
        [&] { (void)(undo ? scene.undone(scene.reopened()) : scene.finished(scene.reopened())); });
    CHECK(error.code() == Code::token_removed);
    CHECK(scene.reopened().record().stage == Stage::answered);
  }
}
