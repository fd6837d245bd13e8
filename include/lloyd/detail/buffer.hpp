// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// An owned array whose elements start uninitialised: outputs are written once, not zeroed first.
/// (std::vector would zero them; <memory> would double the compile time of image.hpp.)
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

namespace lloyd {
inline namespace v0 {
namespace detail {

template <class T>
    requires std::is_trivially_copyable_v<T>
class buffer {
public:
    buffer() = default;
    explicit buffer(std::size_t size) : data_(size == 0 ? nullptr : new T[size]), size_(size) {}
    buffer(std::size_t size, T value) : buffer(size) { fill(value); }
    buffer(buffer&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    buffer& operator=(buffer&& other) noexcept {
        buffer taken(std::move(other));
        std::swap(data_, taken.data_);
        std::swap(size_, taken.size_);
        return *this;
    }
    ~buffer() { delete[] data_; }

    T* data() const { return data_; }
    std::size_t size() const { return size_; }
    T* begin() const { return data_; }
    T* end() const { return data_ + size_; }
    T& operator[](std::size_t i) const {
        assert(i < size_);
        return data_[i];
    }
    std::span<T> span() const { return {data_, size_}; }
    void fill(T value) const {
        for (T& element : *this) element = value;
    }

private:
    T* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
