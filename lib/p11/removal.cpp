#include "p11/removal.hpp"

#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "p11/ckr.hpp"
#include "p11/key_pair.hpp"
#include "p11/object.hpp"
#include "p11/search.hpp"
#include "p11/writing.hpp"

namespace ukey::p11 {

namespace {

using base::Bytes;
using base::Cause;
using base::Code;
using base::Error;

constexpr const char* kDestroy = "C_DestroyObject";

struct Contents {
  std::vector<NewCertificate> certificates;
  std::vector<Bytes> keys;        // CKA_ID of each private one
  std::vector<std::string> data;  // labels
};

/// Certificate objects that hold none are passed over: nobody could write them again.
std::vector<NewCertificate> whole_certificates(const Session& session) {
  std::vector<NewCertificate> out;
  for (const unsigned long handle : find(session, CKO_CERTIFICATE)) {
    try {
      out.push_back(read_certificate(session, handle));
    } catch (const Error& error) {
      if (error.code() != Code::not_found && error.code() != Code::bad_input) throw;
    }
  }
  return out;
}

Contents contents_of(const Session& session) {
  Contents out{whole_certificates(session), private_key_ids(session), {}};
  for (const auto& object : read_data_objects(session))
    if (!object.error) out.data.push_back(object.label);  // else nobody could say that it is gone
  return out;
}

/// Takes one that is the same as `value` out of `list`; false when there is none.
template <class Value>
bool take_one(std::vector<Value>& list, const Value& value) {
  const auto found = std::find(list.begin(), list.end(), value);
  if (found == list.end()) return false;
  list.erase(found);
  return true;
}

/// Those of `before` that `after` lacks, each as often as it does.
template <class Value>
std::vector<Value> lacking(const std::vector<Value>& before, std::vector<Value> after) {
  std::vector<Value> out;
  for (const auto& value : before)
    if (!take_one(after, value)) out.push_back(value);
  return out;
}

Error loss(Cause cause, std::string subject) {
  return Error(Code::token_refused, std::move(subject), answer_of(kDestroy, CKR_OK)).because(cause);
}

bool is_whole(const Contents& seen, const Contents& rest) {
  return lacking(rest.certificates, seen.certificates).empty() &&
         lacking(rest.keys, seen.keys).empty() && lacking(rest.data, seen.data).empty();
}

/// Returns the loss of one that could not be written again.
std::optional<Error> put_back(const Session& session, const std::vector<NewCertificate>& gone) {
  std::optional<Error> out;
  for (const auto& one : gone) {
    try {
      (void)write_certificate(session, one);
    } catch (const Error& error) {
      out = error.about(base::decoded(one.label)).because(Cause::object_lost);
    }
  }
  return out;
}

/// Sees that `rest` is there, and returns what is. A read may fail in passing: nothing is taken for
/// gone, or written a second time, on one look.
Contents require(const Session& session, const Contents& rest) {
  auto seen = contents_of(session);
  if (!is_whole(seen, rest)) seen = contents_of(session);
  const auto unwritten = put_back(session, lacking(rest.certificates, seen.certificates));
  const auto keys = lacking(rest.keys, seen.keys);
  if (!keys.empty()) throw loss(Cause::key_lost, base::hex(keys.front()));
  const auto data = lacking(rest.data, seen.data);
  if (!data.empty()) throw loss(Cause::object_lost, data.front());
  if (unwritten) throw Error{*unwritten};
  return seen;
}

/// Destroys it; the refusal to tell, should it turn out to be there still.
Error refusal_to_go(const Session& session, unsigned long handle) {
  try {
    destroy_object(session, handle);
  } catch (const Error& error) {
    if (ends_session(error)) throw;
    return error;
  }
  return Error(Code::token_refused, session.module().file(), answer_of(kDestroy, CKR_OK));
}

}  // namespace

std::optional<Error> remove_certificate(const Session& session, unsigned long handle,
                                        base::ByteView expendable) {
  const auto former = read_certificate(session, handle);
  auto rest = contents_of(session);
  const auto before = std::max(std::ranges::count(rest.certificates, former), std::ptrdiff_t{1});
  (void)take_one(rest.certificates, former);
  if (!expendable.empty()) (void)take_one(rest.keys, Bytes{expendable.begin(), expendable.end()});
  const auto refusal = refusal_to_go(session, handle);
  const auto seen = require(session, rest);
  if (std::ranges::count(seen.certificates, former) < before) return std::nullopt;
  return refusal;
}

std::optional<Error> remove_pair(const Session& session, base::ByteView id) {
  auto pair = find_pair(session, id);
  if (!pair) return std::nullopt;
  auto rest = contents_of(session);
  (void)take_one(rest.keys, Bytes{id.begin(), id.end()});
  std::optional<Error> refusal;
  if (pair->private_handle != 0) {
    refusal = refusal_to_go(session, pair->private_handle);
    pair = find_pair(session, id);
  }
  if (pair && pair->private_handle == 0) {
    refusal = refusal_to_go(session, pair->public_handle);
    pair = find_pair(session, id);
  }
  (void)require(session, rest);
  return pair ? refusal : std::nullopt;
}

bool is_loss(const Error& error) {
  return error.cause() == Cause::key_lost || error.cause() == Cause::object_lost;
}

}  // namespace ukey::p11
