// Coroutines of the core: Task<T> is what a function returns that waits for something.
// The forms that GCC 12 miscompiles are refused by tools/check_coroutines.py.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace hookline {

template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace hookline
