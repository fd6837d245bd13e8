// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Kernels are written once, over `simd<T, Bytes>`, and compiled once for each CPU level.
///
/// A kernel is a struct with an always-inlined static function template `run<Bytes>`.
/// `run_kernel<Kernel>(arguments...)` compiles it for vectors of 16, 32 and 64 bytes, each in a function for that
/// instruction set, and calls the one for the level in use. (Not for all three: see max_bytes_of and unit_bytes.)
/// Everything a kernel calls must be always-inlined too, and takes vectors by reference: passed by value they would have
/// no common ABI.
///
/// Vectors are those of the GNU extension: + - * < & | ^ ~ << >> work lane by lane, also with a scalar on either side.
/// With other compilers, or LLOYD_PLAIN_VECTORS, simd<T, Bytes> is a plain array with the same operations.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <lloyd/detail/simd/cpu_level.hpp>
#include <lloyd/detail/simd/gnu_vectors.hpp>    // IWYU pragma: export
#include <lloyd/detail/simd/plain_vectors.hpp>  // IWYU pragma: export
#include <lloyd/detail/simd/prefetch.hpp>       // IWYU pragma: export

#include <lloyd/detail/base/open_detail.inc>

template <class Vector>
inline constexpr std::size_t lanes_of = sizeof(Vector) / sizeof(std::declval<Vector&>()[0]);

template <int... Lanes, class Vector, int... Bytes>
[[gnu::always_inline]] inline void shuffle_groups(Vector& to, const Vector& from,
                                                  std::integer_sequence<int, Bytes...>) {
    constexpr int lanes[] = {Lanes...};
    shuffle<(Bytes / 16 * 16 + lanes[Bytes % 16])...>(to, from);
}

/// to[i] = the byte Lanes[i mod 16] of the same group of 16.
template <int... Lanes, class Vector>
[[gnu::always_inline]] inline void shuffle_groups(Vector& to, const Vector& from) {
    shuffle_groups<Lanes...>(to, from, std::make_integer_sequence<int, static_cast<int>(sizeof(Vector))>{});
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(LLOYD_PLAIN_VECTORS)

// g++ makes these one instruction of no expression. These functions are not always-inlined, only small: under
// -finstrument-functions an always-inlined function is also compiled for the unit's own CPU, which may have no register
// for such a vector.
template <class Vector>
[[gnu::target("avx2")]] inline void multiply_high_of_32(Vector& to, const Vector& from) {
    asm("vpmulhuw %0, %1, %0" : "+x"(to) : "x"(from));
}
template <class Vector>
[[gnu::target("avx512bw")]] inline void multiply_high_of_64(Vector& to, const Vector& from) {
    asm("vpmulhuw %0, %1, %0" : "+v"(to) : "v"(from));
}

/// to[i] = from[i] · number >> 16, of lanes of 16 bits.
template <class Vector>
[[gnu::always_inline]] inline void multiply_high(Vector& to, const Vector& from, std::uint16_t number) {
    broadcast(to, number);
    if constexpr (sizeof(Vector) == 64)
        multiply_high_of_64(to, from);
    else if constexpr (sizeof(Vector) == 32)
        multiply_high_of_32(to, from);
    else
        asm("pmulhuw {%1, %0|%0, %1}" : "+x"(to) : "x"(from));
}

template <class Vector>
[[gnu::target("avx2")]] inline void multiply_halves_of_32(Vector& to, const Vector& from) {
    asm("vpmaddwd %0, %1, %0" : "+x"(to) : "x"(from));
}
template <class Vector>
[[gnu::target("avx512bw")]] inline void multiply_halves_of_64(Vector& to, const Vector& from) {
    asm("vpmaddwd %0, %1, %0" : "+v"(to) : "v"(from));
}

/// to = the product of the low halves of to and from, and that of the high ones, added; halves are signed.
template <class Vector>
[[gnu::always_inline]] inline void multiply_halves(Vector& to, const Vector& from) {
    if constexpr (sizeof(Vector) == 64)
        multiply_halves_of_64(to, from);
    else if constexpr (sizeof(Vector) == 32)
        multiply_halves_of_32(to, from);
    else
        asm("pmaddwd {%1, %0|%0, %1}" : "+x"(to) : "x"(from));
}

/// x² + y² of lanes of 16 bits, in 32 bits: low[i] is that of the pair's lane in the low half of lane i, high[i] that of
/// the one in the high half.
template <class Wide, class Lanes>
[[gnu::always_inline]] inline void sum_squares(Wide& low, Wide& high, const Lanes& x, const Lanes& y) {
    simd<std::uint32_t, static_cast<int>(sizeof(Wide))> x_pairs, y_pairs;
    std::memcpy(&x_pairs, &x, sizeof x);
    std::memcpy(&y_pairs, &y, sizeof y);
    convert(low, (x_pairs & std::uint32_t{0xffff}) | y_pairs << 16);
    convert(high, x_pairs >> 16 | (y_pairs & std::uint32_t{0xffff'0000}));
    multiply_halves(low, low);
    multiply_halves(high, high);
}

template <class Vector>
[[gnu::target("avx2")]] inline void keep_32_in_register(Vector& vector) {
    asm("" : "+x"(vector));
}
template <class Vector>
[[gnu::target("avx512bw")]] inline void keep_64_in_register(Vector& vector) {
    asm("" : "+v"(vector));
}

/// load, once: g++ loads a vector again for each use that may have an operand in memory. Where loads cross cache lines,
/// as those of rows of bytes do, that takes longer than the operations.
template <class T, class Vector>
[[gnu::always_inline]] inline void load_once(Vector& to, const T* from) {
    std::memcpy(&to, from, sizeof to);
    if constexpr (sizeof(Vector) == 64)
        keep_64_in_register(to);
    else if constexpr (sizeof(Vector) == 32)
        keep_32_in_register(to);
    else
        asm("" : "+x"(to));
}

#else

template <class T, class Vector>
[[gnu::always_inline]] inline void load_once(Vector& to, const T* from) {
    std::memcpy(&to, from, sizeof to);
}

template <class Vector>
[[gnu::always_inline]] inline void multiply_halves(Vector& to, const Vector& from) {
    to = ((to << 16) >> 16) * ((from << 16) >> 16) + (to >> 16) * (from >> 16);
}

template <class Wide, class Lanes>
[[gnu::always_inline]] inline void sum_squares(Wide& low, Wide& high, const Lanes& x, const Lanes& y) {
    Wide x_pairs, y_pairs, x_low, y_low;
    std::memcpy(&x_pairs, &x, sizeof x);
    std::memcpy(&y_pairs, &y, sizeof y);
    x_low = (x_pairs << 16) >> 16;
    y_low = (y_pairs << 16) >> 16;
    low = x_low * x_low + y_low * y_low;
    x_pairs = x_pairs >> 16;
    y_pairs = y_pairs >> 16;
    high = x_pairs * x_pairs + y_pairs * y_pairs;
}

template <class Vector>
[[gnu::always_inline]] inline void multiply_high(Vector& to, const Vector& from, std::uint16_t number) {
    simd<std::uint32_t, 2 * static_cast<int>(sizeof(Vector))> products;
    simd<std::uint16_t, static_cast<int>(sizeof(Vector))> high;
    convert(high, from);
    convert(products, high);
    products = (products * std::uint32_t{number}) >> 16;
    convert(to, products);
}

#endif

template <class T, class Vector>
[[gnu::always_inline]] inline void load(Vector& to, const T* from) {
    std::memcpy(&to, from, sizeof to);
}

template <class T, class Vector>
[[gnu::always_inline]] inline void store(T* to, const Vector& from) {
    std::memcpy(to, &from, sizeof from);
}

template <class Half, class Wide, int... Lanes>
[[gnu::always_inline]] inline void join_low_halves(Half& to, const Wide& a, const Wide& b,
                                                   std::integer_sequence<int, Lanes...>) {
    constexpr int low = std::endian::native == std::endian::little ? 0 : 1;
    Half first, second;
    std::memcpy(&first, &a, sizeof a);
    std::memcpy(&second, &b, sizeof b);
    shuffle<(2 * Lanes + low)...>(to, first, second);
}

/// to = the lanes of a, then those of b, each cut to the lower half of its bits.
template <class Half, class Wide>
[[gnu::always_inline]] inline void join_low_halves(Half& to, const Wide& a, const Wide& b) {
    join_low_halves(to, a, b, std::make_integer_sequence<int, static_cast<int>(lanes_of<Half>)>{});
}

/// to = the lanes of four vectors of 32-bit numbers, each cut to its lowest byte.
template <class Bytes, class Wide>
[[gnu::always_inline]] inline void join_low_bytes(Bytes& to, const Wide (&from)[4]) {
    simd<std::int16_t, static_cast<int>(sizeof(Wide))> halves[2];
    join_low_halves(halves[0], from[0], from[1]);
    join_low_halves(halves[1], from[2], from[3]);
    join_low_halves(to, halves[0], halves[1]);
}

/// Loads a Full vector, or, at the end of a row, only `left` elements; the other lanes become 0. Loops do the end in a
/// step of its own, because a vector that memcpy fills in part is kept in memory.
template <bool Full, class T, class Vector>
[[gnu::always_inline]] inline void load_partial(Vector& to, const T* from, std::ptrdiff_t left) {
    if constexpr (Full) return load(to, from);
    to = Vector{};
    std::memcpy(&to, from, static_cast<std::size_t>(left) * sizeof(T));
}

/// The same, with elements converted to the type of the lanes.
template <bool Full, class T, class Vector>
[[gnu::always_inline]] inline void load_converted(Vector& to, const T* from, std::ptrdiff_t left) {
    simd<T, static_cast<int>(lanes_of<Vector> * sizeof(T))> elements;
    load_partial<Full>(elements, from, left);
    convert(to, elements);
}

template <bool Full, class T, class Vector>
[[gnu::always_inline]] inline void store_partial(T* to, const Vector& from, std::ptrdiff_t left) {
    if constexpr (Full) return store(to, from);
    std::memcpy(to, &from, static_cast<std::size_t>(left) * sizeof(T));
}

/// The widest vectors, in bytes, that a kernel is compiled for. A kernel that gains little from wider ones says so by a
/// member `max_bytes`, and is compiled for fewer CPU levels.
template <class Kernel>
inline constexpr int max_bytes_of = [] {
    if constexpr (requires { Kernel::max_bytes; })
        return Kernel::max_bytes;
    else
        return 64;
}();

template <class Kernel, class Signature = decltype(&Kernel::template run<16>)>
struct kernel_runner;

#if defined(__x86_64__) && defined(__GNUC__) && !defined(LLOYD_PLAIN_VECTORS)

/// The vectors of the level that the unit's own flags allow anyway. No lower level is compiled.
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
inline constexpr int unit_bytes = 64;
#elif defined(__AVX2__) && defined(__FMA__)
inline constexpr int unit_bytes = 32;
#else
inline constexpr int unit_bytes = 16;
#endif

template <class Kernel, class Result, class... Parameters>
struct kernel_runner<Kernel, Result (*)(Parameters...)> {
    Result operator()(Parameters... arguments) const {
        constexpr int max_bytes = max_bytes_of<Kernel>;
        if constexpr (max_bytes > unit_bytes) {
            const auto level = active_cpu_level();
            if constexpr (max_bytes == 64)
                if (level == cpu_level::avx512) return run_avx512(arguments...);
            if constexpr (unit_bytes == 16)
                if (level != cpu_level::baseline) return run_avx2(arguments...);
        }
        return run_plain(arguments...);
    }

private:
    /// In the unit's own flags. (Not inlined: each call would be another copy.)
    [[gnu::noinline]] static Result run_plain(Parameters... arguments) {
        constexpr int max_bytes = max_bytes_of<Kernel>;
        return Kernel::template run<(unit_bytes < max_bytes ? unit_bytes : max_bytes)>(arguments...);
    }
    [[gnu::target("avx2,fma")]] static Result run_avx2(Parameters... arguments) {
        return Kernel::template run<32>(arguments...);
    }
    [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]] static Result run_avx512(Parameters... arguments) {
        return Kernel::template run<64>(arguments...);
    }
};

#else

template <class Kernel, class Result, class... Parameters>
struct kernel_runner<Kernel, Result (*)(Parameters...)> {
    Result operator()(Parameters... arguments) const { return Kernel::template run<16>(arguments...); }
};

#endif

/// run_kernel<Kernel>(arguments...) calls Kernel::run as compiled for the level in use. It has the parameters of
/// Kernel::run, so arguments convert to them as in any call.
template <class Kernel>
inline constexpr kernel_runner<Kernel> run_kernel{};

}  // namespace lloyd::inline v0::detail
