// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// An owned array whose elements start uninitialised: outputs are written once, not zeroed first.
/// (std::vector would zero them; <memory> would double the compile time of image.hpp.)
///
/// Large arrays ask for large pages: on first touch, 8 MB of small ones cost more than most of what is done to them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <lloyd/detail/base/open_detail.inc>

inline constexpr std::size_t large_page = std::size_t{1} << 21;

/// A block aligned to large pages of 2 MiB, which the system may or may not grant. The address that operator new
/// returned is stored in front of it. Aligned new is not used: glibc returns such blocks to the system when they are
/// freed, and the next call pays the page faults again.
inline void* allocate_large(std::size_t bytes) {
    const auto whole = (bytes + large_page - 1) / large_page * large_page;
    auto* block = static_cast<unsigned char*>(::operator new(whole + large_page));
    const auto start = reinterpret_cast<std::uintptr_t>(block) % large_page;
    unsigned char* memory = block + (large_page - start);
    std::memcpy(memory - sizeof block, &block, sizeof block);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    static_cast<void>(madvise(memory, whole, MADV_HUGEPAGE));
#endif
    return memory;
}

[[gnu::noinline]] inline void release_large(void* memory) {
    void* block;
    std::memcpy(&block, static_cast<unsigned char*>(memory) - sizeof block, sizeof block);
    ::operator delete(block);
}

/// Arrays of at least half a large page get large pages.
inline constexpr std::size_t least_large = large_page / 2;

/// An array of `bytes`. (Not inlined, as it stands wherever there is a buffer.)
[[gnu::noinline]] inline void* allocate_array(std::size_t bytes, std::size_t alignment) {
    if (bytes == 0) return nullptr;
    if (bytes >= least_large) return allocate_large(bytes);
    if (alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__) return ::operator new[](bytes, std::align_val_t{alignment});
    return ::operator new[](bytes);
}

[[gnu::noinline]] inline void release_array(void* memory, std::size_t bytes, std::size_t alignment) {
    if (memory == nullptr) return;
    if (bytes >= least_large) return release_large(memory);
    if (alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__)
        ::operator delete[](memory, std::align_val_t{alignment});
    else
        ::operator delete[](memory);
}

}  // namespace lloyd::inline v0::detail

namespace lloyd::inline v0::detail {

/// An array of fixed size whose elements are not initialised. Images own their pixels in one. Units compiled with
/// different flags share this type but no code: members are always inlined.
template <class T>
    requires std::is_trivially_copyable_v<T>
class buffer {
public:
    [[gnu::always_inline]] buffer() = default;
    [[gnu::always_inline]] explicit buffer(std::size_t size) : data_(allocate(size)), size_(size) {}
    [[gnu::always_inline]] buffer(std::size_t size, T value) : buffer(size) { fill(value); }
    [[gnu::always_inline]] buffer(buffer&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    [[gnu::always_inline]] buffer& operator=(buffer&& other) noexcept {
        buffer taken(std::move(other));
        (std::swap)(data_, taken.data_);
        (std::swap)(size_, taken.size_);
        return *this;
    }
    [[gnu::always_inline]] ~buffer() { release_array(data_, size_ * sizeof(T), alignof(T)); }

    [[gnu::always_inline]] T* data() const { return data_; }
    [[gnu::always_inline]] std::size_t size() const { return size_; }
    [[gnu::always_inline]] T* begin() const { return data_; }
    [[gnu::always_inline]] T* end() const { return data_ + size_; }
    /// By an index of any integer type, unchecked.
    template <class Index>
    [[gnu::always_inline]] T& operator[](Index i) const {
        return data_[i];
    }
    [[gnu::always_inline]] std::span<T> span() const { return {data_, size_}; }
    [[gnu::always_inline]] void fill(T value) const {
        for (T& element : *this) element = value;
    }

private:
    [[gnu::always_inline]] static T* allocate(std::size_t size) {
        if (size > (PTRDIFF_MAX - 2 * large_page) / sizeof(T)) return new T[size];  // which refuses it
        return static_cast<T*>(allocate_array(size * sizeof(T), alignof(T)));
    }

    T* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_detail.inc>

template <class T>
buffer<T> copy_of(std::span<const T> elements) {
    buffer<T> copy(elements.size());
    std::copy(elements.begin(), elements.end(), copy.begin());
    return copy;
}

/// Makes an array of `size` elements of one that has `count` so far.
template <class T, class Count>
void grow(buffer<T>& array, Count count, std::size_t size) {
    buffer<T> larger(size);
    std::copy_n(array.data(), count, larger.data());
    array = std::move(larger);
}

}  // namespace lloyd::inline v0::detail
