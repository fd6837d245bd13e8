// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// An owned array whose elements start uninitialised: outputs are written once, not zeroed first.
/// (std::vector would zero them; <memory> would double the compile time of image.hpp.)
///
/// Large arrays ask for large pages: on first touch, 8 MB of small ones cost more than most of what is done to them.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace lloyd {
inline namespace v0 {
namespace detail {

inline constexpr std::size_t large_page = std::size_t{1} << 21;

/// Bytes in whole large pages. The system may refuse them: then these are bytes like any other.
inline void* allocate_large(std::size_t bytes) {
    const auto whole = bytes > SIZE_MAX / 2 ? bytes : (bytes + large_page - 1) / large_page * large_page;
    void* memory = ::operator new(whole, std::align_val_t{large_page});
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    static_cast<void>(madvise(memory, whole, MADV_HUGEPAGE));
#endif
    return memory;
}

inline void release_large(void* memory) { ::operator delete(memory, std::align_val_t{large_page}); }

template <class T>
    requires std::is_trivially_copyable_v<T>
class buffer {
public:
    buffer() = default;
    explicit buffer(std::size_t size) : data_(allocate(size)), size_(size) {}
    buffer(std::size_t size, T value) : buffer(size) { fill(value); }
    buffer(buffer&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    buffer& operator=(buffer&& other) noexcept {
        buffer taken(std::move(other));
        std::swap(data_, taken.data_);
        std::swap(size_, taken.size_);
        return *this;
    }
    ~buffer() {
        if (is_large(size_))
            release_large(data_);
        else
            delete[] data_;
    }

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
    static constexpr bool is_large(std::size_t size) { return size >= large_page / 2 / sizeof(T); }

    static T* allocate(std::size_t size) {
        if (size == 0) return nullptr;
        // An array whose bytes cannot be counted is left to new, which refuses it.
        if (!is_large(size) || size > PTRDIFF_MAX / sizeof(T)) return new T[size];
        return static_cast<T*>(allocate_large(size * sizeof(T)));
    }

    T* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
