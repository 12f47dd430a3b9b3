#include "practice/key_stock.hpp"

#include <algorithm>
#include <exception>

#include "base/error.hpp"

namespace ukey::practice {

KeyStock::KeyStock(std::size_t count) : keys_(count) {
  const auto processors = std::max<std::size_t>(1, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < std::min(count, processors); ++i)
    workers_.emplace_back([this] { work(); });
}

KeyStock::~KeyStock() {
  next_ = keys_.size();
  for (auto& worker : workers_) worker.join();
}

x509::Key KeyStock::take() {
  if (taken_ == keys_.size()) throw base::Error(base::Code::bug, "KeyStock");
  return keys_[taken_++].get_future().get();
}

void KeyStock::work() {
  for (auto at = next_++; at < keys_.size(); at = next_++) {
    try {
      keys_[at].set_value(x509::Key::generate(x509::KeyKind::rsa_2048));
    } catch (...) {  // told where the key is taken
      keys_[at].set_exception(std::current_exception());
    }
  }
}

}  // namespace ukey::practice
