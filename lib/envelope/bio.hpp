// OpenSSL's streams over our functions, for .cpp files of this room. No exception passes through C
// code: it waits until OpenSSL is left.
#pragma once

#include <openssl/bio.h>

#include <exception>
#include <functional>
#include <memory>
#include <span>

#include "base/bytes.hpp"

namespace ukey::envelope {

/// Fills some of the room and says how much; 0 at the end.
using Pull = std::function<std::size_t(std::span<std::uint8_t>)>;
/// Takes all of the octets.
using Push = std::function<void(base::ByteView)>;

/// A BIO that reads from `pull` or writes to `push`; the other may be empty.
class Bio {
 public:
  explicit Bio(Pull pull, Push push = {});
  Bio(const Bio&) = delete;             // OpenSSL's side points here
  Bio& operator=(const Bio&) = delete;  // same

  /// Stays owned by this; nothing that uses it may outlive it.
  [[nodiscard]] BIO* get() const { return bio_.get(); }
  /// Throws what a function threw meanwhile.
  void rethrow() const;

 private:
  static int read(BIO* bio, char* data, std::size_t size, std::size_t* done);
  static int write(BIO* bio, const char* data, std::size_t size, std::size_t* done);
  static long control(BIO* bio, int command, long number, void* data);
  static const BIO_METHOD* method();

  struct Freed {
    void operator()(BIO* bio) const { BIO_free(bio); }
  };
  Pull pull_;
  Push push_;
  std::exception_ptr failure_;
  bool ended_ = false;
  std::unique_ptr<BIO, Freed> bio_;
};

}  // namespace ukey::envelope
