#include "p11/search.hpp"

#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>
#include <span>

#include "p11/call.hpp"

namespace ukey::p11 {

namespace {

constexpr std::size_t kBatch = 512;

/// A search under way; it ends with the guard, else the session could not search again.
class Search {
 public:
  Search(const Session& session, CK_ATTRIBUTE* first, unsigned long count) : session_(session) {
    call(session.module(), "C_FindObjectsInit", &CK_FUNCTION_LIST::C_FindObjectsInit,
         session.handle(), first, count);
  }
  ~Search() {
    if (ended_) return;
    try {
      answer(session_.module(), "C_FindObjectsFinal", &CK_FUNCTION_LIST::C_FindObjectsFinal,
             session_.handle());
    } catch (...) {  // an observer that throws must not end the program here
    }
  }
  Search(const Search&) = delete;  // a search is ended once
  Search& operator=(const Search&) = delete;

  /// At most `most` further handles; none only at the end (v3.0 5.7.7).
  std::vector<unsigned long> next(std::size_t most) {
    constexpr const char* kCall = "C_FindObjects";
    std::vector<unsigned long> handles(most);
    unsigned long count = 0;
    call(session_.module(), kCall, &CK_FUNCTION_LIST::C_FindObjects, session_.handle(),
         handles.data(), static_cast<unsigned long>(most), &count);
    if (count > most) throw broken(session_.module(), kCall, CKR_OK);
    handles.resize(count);
    return handles;
  }

  /// Ends the search and tells when the token refuses that: the next search would fail with another
  /// answer.
  void end() {
    ended_ = true;
    call(session_.module(), "C_FindObjectsFinal", &CK_FUNCTION_LIST::C_FindObjectsFinal,
         session_.handle());
  }

 private:
  const Session& session_;
  bool ended_ = false;
};

std::vector<unsigned long> find_by(const Session& session, std::span<CK_ATTRIBUTE> attributes) {
  constexpr std::size_t kMost = Module::kMostEntries;
  Search search{session, attributes.empty() ? nullptr : attributes.data(), attributes.size()};
  std::vector<unsigned long> found;
  for (;;) {
    const std::size_t asked = found.size() < kMost ? std::min(kBatch, kMost - found.size()) : 1;
    const auto more = search.next(asked);
    if (more.empty()) break;
    found.insert(found.end(), more.begin(), more.end());
    if (found.size() > kMost) throw broken(session.module(), "C_FindObjects", CKR_OK);
  }
  search.end();
  return found;
}

}  // namespace

std::vector<unsigned long> find(const Session& session, std::optional<unsigned long> object_class) {
  if (!object_class) return find_by(session, {});
  std::array by_class{CK_ATTRIBUTE{CKA_CLASS, &*object_class, sizeof *object_class}};
  return find_by(session, by_class);
}

std::vector<unsigned long> find(const Session& session, unsigned long object_class,
                                base::ByteView id) {
  base::Bytes octets{id.begin(), id.end()};
  std::array by_id{CK_ATTRIBUTE{CKA_CLASS, &object_class, sizeof object_class},
                   CK_ATTRIBUTE{CKA_ID, octets.data(), octets.size()}};
  return find_by(session, by_id);
}

bool ends_session(const base::Error& error) {
  if (error.code() == base::Code::token_removed || is_lost(error)) return true;
  const auto rv = error.answer() ? error.answer()->rv : CKR_OK;
  return rv == CKR_SESSION_CLOSED || rv == CKR_SESSION_HANDLE_INVALID ||
         rv == CKR_CRYPTOKI_NOT_INITIALIZED;
}

}  // namespace ukey::p11
