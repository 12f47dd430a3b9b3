#include "envelope/bio.hpp"

#include <utility>

#include "base/error.hpp"

namespace ukey::envelope {

const BIO_METHOD* Bio::method() {
  struct MethodFreed {
    void operator()(BIO_METHOD* owned) const { BIO_meth_free(owned); }
  };
  static const auto made = [] {
    std::unique_ptr<BIO_METHOD, MethodFreed> out{
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "ukey")};
    if (!out) throw base::Error{base::Code::bug, "BIO_meth_new"};
    BIO_meth_set_read_ex(out.get(), read);
    BIO_meth_set_write_ex(out.get(), write);
    BIO_meth_set_ctrl(out.get(), control);
    return out;
  }();
  return made.get();
}

Bio::Bio(Pull pull, Push push)
    : pull_(std::move(pull)), push_(std::move(push)), bio_(BIO_new(method())) {
  if (!bio_) throw base::Error{base::Code::bug, "BIO_new"};
  BIO_set_data(bio_.get(), this);
  BIO_set_init(bio_.get(), 1);
}

int Bio::read(BIO* bio, char* data, std::size_t size, std::size_t* done) {
  auto& self = *static_cast<Bio*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *done = 0;
  if (self.failure_ || self.ended_ || size == 0) return 0;
  try {
    *done = self.pull_({reinterpret_cast<std::uint8_t*>(data), size});
  } catch (...) {  // thrown again by `rethrow`
    self.failure_ = std::current_exception();
  }
  self.ended_ = *done == 0;
  return *done > 0 ? 1 : 0;
}

int Bio::write(BIO* bio, const char* data, std::size_t size, std::size_t* done) {
  auto& self = *static_cast<Bio*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *done = 0;
  if (self.failure_) return 0;
  try {
    self.push_({reinterpret_cast<const std::uint8_t*>(data), size});
    *done = size;
    return 1;
  } catch (...) {  // thrown again by `rethrow`
    self.failure_ = std::current_exception();
    return 0;
  }
}

long Bio::control(BIO* bio, int command, long /*number*/, void* /*data*/) {
  const auto& self = *static_cast<const Bio*>(BIO_get_data(bio));
  if (command == BIO_CTRL_EOF) return self.ended_ || self.failure_ ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

void Bio::rethrow() const {
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace ukey::envelope
