#include "ledger/place.hpp"

#include "tests/ledger/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::ledger_test;

std::optional<base::Error> refused(const std::string& place) {
  return thrown([&] { ledger::require_place(place); });
}

}  // namespace

TEST_CASE("a path and a URL of PostgreSQL without a password are places of a ledger") {
  for (const char* place :
       {"ledger.db", "/var/lib/ukey/ledger.db", ":memory:", "台账 = 1.db", "a@b:c.db",
        "postgresql://", "postgres://db/ukey", "postgresql://clerk@db:5433/ukey",
        "postgresql://clerk@[::1]:5433/ukey?sslmode=require", "postgresql://[::1]:5433/ukey",
        "postgresql:///ukey?host=/run/postgresql&user=clerk&passfile=/etc/ukey/pgpass"}) {
    CAPTURE(place);
    CHECK_FALSE(refused(place).has_value());
  }
}

TEST_CASE("a place with a password in it is refused, and the error does not repeat it") {
  for (const char* place :
       {"postgresql://clerk:s3cret@db/ukey", "postgres://clerk:s3c%40ret@db/ukey",
        "postgresql://clerk:s3/cret@db/ukey", "postgresql://clerk:s3@cret@db/ukey",
        "postgresql://db/ukey?password=s3cret", "postgresql://db/ukey?user=a&PASSWORD=s3cret",
        "postgresql://db/ukey?p%61ssword=s3cret", "postgresql://db/ukey?sslpassword=s3cret",
        "postgresql://:s3cret@db/ukey", "host=db user=clerk password=s3cret"}) {
    CAPTURE(place);
    const auto error = refused(place);
    REQUIRE(error.has_value());
    CHECK(error->code() == base::Code::usage);
    CHECK(error->cause() == base::Cause::unwanted_password);
    for (const char* part : {"s3", "ret"}) CHECK(error->subject().find(part) == std::string::npos);
  }
}

TEST_CASE("what is no place is refused, and a password in it is not repeated either") {
  for (const auto& place : {std::string{}, std::string{"mysql://clerk:s3cret@db/ukey"},
                            std::string{"https://db/"}, std::string{"ledger\0.db", 10}}) {
    const auto error = refused(place);
    REQUIRE(error.has_value());
    CHECK(error->code() == base::Code::usage);
    CHECK(error->cause() == base::Cause::bad_value);
    CHECK(error->subject().find("s3cret") == std::string::npos);
  }
}

TEST_CASE("the address of a server that is no URL is refused, never taken for a file") {
  for (const char* place : {"postgresql:clerk:s3cret", "postgres:db", "PostgreSQL:db", "dbname=/x",
                            "host=db", "postgresql:clerk@db/ukey"}) {
    CAPTURE(place);
    const auto error = refused(place);
    REQUIRE(error.has_value());
    CHECK(error->code() == base::Code::usage);
    CHECK(error->subject().find("s3cret") == std::string::npos);
  }
}

TEST_CASE("a place is shown without user and query") {
  CHECK(ledger::shown_place("/a/b=c?d.db") == "/a/b=c?d.db");
  CHECK(ledger::shown_place("postgresql://db:5433/ukey") == "postgresql://db:5433/ukey");
  CHECK(ledger::shown_place("postgresql://clerk@db/ukey?sslcert=/x") == "postgresql://db/ukey");
  CHECK(ledger::shown_place("postgresql://a:b@c:d@db/ukey?x@y") == "postgresql://db/ukey");
}

TEST_CASE("a connection gets its limits, where the URL says nothing of its own") {
  const auto plain = ledger::connection_text("postgresql://db/ukey");
  CHECK(plain.starts_with("postgresql://db/ukey?connect_timeout=5&"));
  CHECK(plain.find("&client_encoding=UTF8") != std::string::npos);
  const auto own = ledger::connection_text("postgresql://db/ukey?connect_timeout=60");
  CHECK(own.starts_with("postgresql://db/ukey?connect_timeout=60&tcp_user_timeout="));
  CHECK(own.find("connect_timeout=5&") == std::string::npos);
}
