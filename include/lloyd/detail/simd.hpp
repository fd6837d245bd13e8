// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Kernels are written once, over `vector<T, Bytes>`, and compiled once per CPU level.
///
/// A kernel is a struct with an always-inlined static template `run<Bytes>`; `run_kernel<Kernel>(arguments...)`
/// instantiates it inside a wrapper for each instruction set and calls the one this machine has. Everything a kernel
/// calls must be always-inlined too, and takes vectors by reference: passed by value they would have no agreed ABI.
///
/// Vectors are those of the GNU C dialect: + - * < & | ^ ~ << >> and a scalar on either side work lane by lane. Other
/// compilers, or LLOYD_PLAIN_VECTORS, get a plain array behind the same name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include <lloyd/cpu.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

#if defined(__GNUC__) && !defined(LLOYD_PLAIN_VECTORS)

template <class T, int Bytes>
struct vector_type {
    typedef T type __attribute__((vector_size(Bytes)));
};
template <class T, int Bytes>
using vector = typename vector_type<T, Bytes>::type;

/// to = value in every lane. (As g++ 12 has it in one instruction: lanes of 16 bits in pairs, wider ones one by one.)
template <class Vector, class T>
[[gnu::always_inline]] inline void broadcast(Vector& to, T value) {
    if constexpr (sizeof(T) == 2) {
        const vector<std::uint32_t, static_cast<int>(sizeof(Vector))> pairs =
            static_cast<std::uint16_t>(value) * std::uint32_t{0x1'0001} - decltype(pairs){};
        std::memcpy(&to, &pairs, sizeof to);
    } else {
        Vector all = {};
        for (std::size_t i = 0; i < sizeof(Vector) / sizeof(T); ++i) all[i] = value;
        to = all;
    }
}

/// to = the same numbers as another type, lane by lane.
template <class To, class From>
[[gnu::always_inline]] inline void convert(To& to, const From& from) {
    to = __builtin_convertvector(from, To);
}

/// target = value in the lanes where mask is set.
template <class Mask, class Vector>
[[gnu::always_inline]] inline void assign_where(const Mask& mask, Vector& target, const Vector& value) {
    target = mask ? value : target;
}

/// target = |target|. (One instruction where there is one, but only if g++ sees it in one expression.)
template <class Vector>
[[gnu::always_inline]] inline void make_positive(Vector& target) {
    target = target < Vector{} ? -target : target;
}

/// target = the larger of the two, lane by lane.
template <class Vector>
[[gnu::always_inline]] inline void raise_to(Vector& target, const Vector& value) {
    target = target < value ? value : target;
}

/// target = the smaller of the two, lane by lane.
template <class Vector>
[[gnu::always_inline]] inline void lower_to(Vector& target, const Vector& value) {
    target = value < target ? value : target;
}

/// total[i] = the sum of the lanes of vectors[i], four by four.
template <class Vector>
[[gnu::always_inline]] inline void add_across(Vector& total, const Vector (&v)[4]) {
    const Vector a = __builtin_shufflevector(v[0], v[1], 0, 4, 1, 5) + __builtin_shufflevector(v[0], v[1], 2, 6, 3, 7);
    const Vector b = __builtin_shufflevector(v[2], v[3], 0, 4, 1, 5) + __builtin_shufflevector(v[2], v[3], 2, 6, 3, 7);
    total = __builtin_shufflevector(a, b, 0, 1, 4, 5) + __builtin_shufflevector(a, b, 2, 3, 6, 7);
}

/// to = the lanes of `from` that are named.
template <int... Lanes, class Vector>
[[gnu::always_inline]] inline void shuffle(Vector& to, const Vector& from) {
    to = __builtin_shufflevector(from, from, Lanes...);
}

/// The same of two vectors: the lanes of `b` are numbered after those of `a`.
template <int... Lanes, class Vector>
[[gnu::always_inline]] inline void shuffle(Vector& to, const Vector& a, const Vector& b) {
    to = __builtin_shufflevector(a, b, Lanes...);
}

template <class Wide, class Half, int... Lanes>
[[gnu::always_inline]] inline void join(Wide& to, const Half& a, const Half& b, std::integer_sequence<int, Lanes...>) {
    to = __builtin_shufflevector(a, b, Lanes...);
}

/// to = the lanes of both, those of `b` behind those of `a`.
template <class Wide, class Half>
[[gnu::always_inline]] inline void join(Wide& to, const Half& a, const Half& b) {
    join(to, a, b, std::make_integer_sequence<int, static_cast<int>(sizeof(Wide) / sizeof(a[0]))>{});
}

template <class Half, class Wide, int... Lanes>
[[gnu::always_inline]] inline void part(Half& a, Half& b, const Wide& from, std::integer_sequence<int, Lanes...>) {
    a = __builtin_shufflevector(from, from, Lanes...);
    b = __builtin_shufflevector(from, from, (static_cast<int>(sizeof...(Lanes)) + Lanes)...);
}

/// a, b = the first and the second half of the lanes.
template <class Half, class Wide>
[[gnu::always_inline]] inline void part(Half& a, Half& b, const Wide& from) {
    part(a, b, from, std::make_integer_sequence<int, static_cast<int>(sizeof(Half) / sizeof(a[0]))>{});
}

#else

template <class T, int Bytes>
struct plain_vector {
    static constexpr std::ptrdiff_t size = Bytes / static_cast<int>(sizeof(T));
    T lanes[static_cast<std::size_t>(Bytes) / sizeof(T)];

    using integer = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
    using mask = plain_vector<integer, size* static_cast<int>(sizeof(integer))>;

    T& operator[](std::ptrdiff_t i) { return lanes[i]; }
    T operator[](std::ptrdiff_t i) const { return lanes[i]; }

    template <class Result = plain_vector, class Operation>
    static Result each(Operation operation) {
        Result result;
        for (std::ptrdiff_t i = 0; i < size; ++i)
            result[i] = static_cast<std::decay_t<decltype(result[i])>>(operation(i));
        return result;
    }
    friend plain_vector operator+(const plain_vector& a, const plain_vector& b) {
        return each([&](std::ptrdiff_t i) { return a[i] + b[i]; });
    }
    friend plain_vector operator-(const plain_vector& a, const plain_vector& b) {
        return each([&](std::ptrdiff_t i) { return a[i] - b[i]; });
    }
    friend plain_vector operator*(const plain_vector& a, const plain_vector& b) {
        return each([&](std::ptrdiff_t i) { return a[i] * b[i]; });
    }
    friend plain_vector operator/(const plain_vector& a, const plain_vector& b) {
        return each([&](std::ptrdiff_t i) { return a[i] / b[i]; });
    }
    friend plain_vector operator/(T a, const plain_vector& b) {
        return each([&](std::ptrdiff_t i) { return a / b[i]; });
    }
    friend plain_vector operator+(const plain_vector& a, T b) {
        return each([&](std::ptrdiff_t i) { return a[i] + b; });
    }
    friend plain_vector operator-(const plain_vector& a, T b) {
        return each([&](std::ptrdiff_t i) { return a[i] - b; });
    }
    friend plain_vector operator-(T a, const plain_vector& b) {
        return each([&](std::ptrdiff_t i) { return a - b[i]; });
    }
    friend plain_vector operator*(const plain_vector& a, T b) {
        return each([&](std::ptrdiff_t i) { return a[i] * b; });
    }
    friend plain_vector operator&(const plain_vector& a, T b) {
        return each([&](std::ptrdiff_t i) { return a[i] & b; });
    }
    friend plain_vector operator&(const plain_vector& a, const plain_vector& b) {
        return each([&](std::ptrdiff_t i) { return a[i] & b[i]; });
    }
    friend plain_vector operator^(const plain_vector& a, const plain_vector& b) {
        return each([&](std::ptrdiff_t i) { return a[i] ^ b[i]; });
    }
    friend plain_vector operator~(const plain_vector& a) {
        return each([&](std::ptrdiff_t i) { return ~a[i]; });
    }
    friend plain_vector operator|(const plain_vector& a, const plain_vector& b) {
        return each([&](std::ptrdiff_t i) { return a[i] | b[i]; });
    }
    friend plain_vector operator<<(const plain_vector& a, int b) {
        return each([&](std::ptrdiff_t i) { return a[i] << b; });
    }
    friend plain_vector operator>>(const plain_vector& a, int b) {
        return each([&](std::ptrdiff_t i) { return a[i] >> b; });
    }
    friend plain_vector operator<<(const plain_vector& a, const plain_vector& b) {
        return each([&](std::ptrdiff_t i) { return a[i] << b[i]; });
    }
    friend plain_vector operator>>(const plain_vector& a, const plain_vector& b) {
        return each([&](std::ptrdiff_t i) { return a[i] >> b[i]; });
    }
    plain_vector& operator+=(const plain_vector& b) { return *this = *this + b; }
    plain_vector& operator|=(const plain_vector& b) {
        return *this = each([&](std::ptrdiff_t i) { return lanes[i] | b[i]; });
    }
    friend mask operator<(const plain_vector& a, const plain_vector& b) {
        return each<mask>([&](std::ptrdiff_t i) { return a[i] < b[i] ? -1 : 0; });
    }
    friend mask operator<=(const plain_vector& a, const plain_vector& b) {
        return each<mask>([&](std::ptrdiff_t i) { return a[i] <= b[i] ? -1 : 0; });
    }
    friend mask operator==(const plain_vector& a, const plain_vector& b) {
        return each<mask>([&](std::ptrdiff_t i) { return a[i] == b[i] ? -1 : 0; });
    }
};
template <class T, int Bytes>
using vector = plain_vector<T, Bytes>;

template <class Vector, class T>
[[gnu::always_inline]] inline void broadcast(Vector& to, T value) {
    for (std::ptrdiff_t i = 0; i < Vector::size; ++i) to[i] = value;
}

template <class To, class From>
[[gnu::always_inline]] inline void convert(To& to, const From& from) {
    to = To::each([&](std::ptrdiff_t i) { return from[i]; });
}

template <class Mask, class Vector>
[[gnu::always_inline]] inline void assign_where(const Mask& mask, Vector& target, const Vector& value) {
    for (std::ptrdiff_t i = 0; i < Vector::size; ++i)
        if (mask[i] != 0) target[i] = value[i];
}

template <class Vector>
[[gnu::always_inline]] inline void make_positive(Vector& target) {
    assign_where(target < Vector{}, target, Vector{} - target);
}

template <class Vector>
[[gnu::always_inline]] inline void raise_to(Vector& target, const Vector& value) {
    assign_where(target < value, target, value);
}

template <class Vector>
[[gnu::always_inline]] inline void lower_to(Vector& target, const Vector& value) {
    assign_where(value < target, target, value);
}

template <class Vector>
[[gnu::always_inline]] inline void add_across(Vector& total, const Vector (&v)[4]) {
    for (std::ptrdiff_t i = 0; i < 4; ++i) total[i] = v[i][0] + v[i][1] + v[i][2] + v[i][3];
}

template <class Wide, class Half>
[[gnu::always_inline]] inline void join(Wide& to, const Half& a, const Half& b) {
    to = Wide::each([&](std::ptrdiff_t i) { return i < Half::size ? a[i] : b[i - Half::size]; });
}

template <class Half, class Wide>
[[gnu::always_inline]] inline void part(Half& a, Half& b, const Wide& from) {
    a = Half::each([&](std::ptrdiff_t i) { return from[i]; });
    b = Half::each([&](std::ptrdiff_t i) { return from[i + Half::size]; });
}

template <int... Lanes, class Vector>
[[gnu::always_inline]] inline void shuffle(Vector& to, const Vector& from) {
    constexpr int lanes[] = {Lanes...};
    to = Vector::each([&](std::ptrdiff_t i) { return from[lanes[i]]; });
}

template <int... Lanes, class Vector>
[[gnu::always_inline]] inline void shuffle(Vector& to, const Vector& a, const Vector& b) {
    constexpr int lanes[] = {Lanes...};
    to = Vector::each(
        [&](std::ptrdiff_t i) { return lanes[i] < Vector::size ? a[lanes[i]] : b[lanes[i] - Vector::size]; });
}

#endif

template <class Vector>
inline constexpr std::size_t lanes_of = sizeof(Vector) / sizeof(std::declval<Vector&>()[0]);

template <int... Lanes, class Vector, int... Bytes>
[[gnu::always_inline]] inline void shuffle_groups(Vector& to, const Vector& from,
                                                  std::integer_sequence<int, Bytes...>) {
    constexpr int lanes[] = {Lanes...};
    shuffle<(Bytes / 16 * 16 + lanes[Bytes % 16])...>(to, from);
}

/// to = the bytes that are named of each group of 16.
template <int... Lanes, class Vector>
[[gnu::always_inline]] inline void shuffle_groups(Vector& to, const Vector& from) {
    shuffle_groups<Lanes...>(to, from, std::make_integer_sequence<int, static_cast<int>(sizeof(Vector))>{});
}

/// to = the higher 16 bits of each product of lanes of 16 bits with a number.
template <class Vector>
[[gnu::always_inline]] inline void multiply_high(Vector& to, const Vector& from, std::uint16_t number) {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(LLOYD_PLAIN_VECTORS)
    broadcast(to, number);  // one instruction, which g++ finds in no expression
    if constexpr (sizeof(Vector) > 16)
        asm("vpmulhuw %0, %1, %0" : "+v"(to) : "v"(from));
    else
        asm("pmulhuw %1, %0" : "+x"(to) : "x"(from));
#else
    vector<std::uint32_t, 2 * static_cast<int>(sizeof(Vector))> products;
    vector<std::uint16_t, static_cast<int>(sizeof(Vector))> high;
    convert(high, from);
    convert(products, high);
    products = (products * std::uint32_t{number}) >> 16;
    convert(to, products);
#endif
}

template <class T, class Vector>
[[gnu::always_inline]] inline void load(Vector& to, const T* from) {
    std::memcpy(&to, from, sizeof to);
}

template <class T, class Vector>
[[gnu::always_inline]] inline void store(T* to, const Vector& from) {
    std::memcpy(to, &from, sizeof from);
}

/// Asks for the line of memory that holds this byte, into the second cache. Kernels do so for the rows they will read
/// later, a vector at a time: all of a row at once would have to wait.
[[gnu::always_inline]] inline void fetch(const void* from) {
#if defined(__GNUC__)
    constexpr int to_read = 0, second_cache = 2;
    __builtin_prefetch(from, to_read, second_cache);
#else
    static_cast<void>(from);
#endif
}

/// The same for a Whole vector, or at the end of a row, where only `left` elements may be touched: the other lanes
/// become 0. Loops take this as a step of its own, since a vector that memcpy fills in parts is kept in memory.
template <bool Whole, class T, class Vector>
[[gnu::always_inline]] inline void load_some(Vector& to, const T* from, std::ptrdiff_t left) {
    if constexpr (Whole) return load(to, from);
    to = Vector{};
    std::memcpy(&to, from, static_cast<std::size_t>(left) * sizeof(T));
}

template <bool Whole, class T, class Vector>
[[gnu::always_inline]] inline void store_some(T* to, const Vector& from, std::ptrdiff_t left) {
    if constexpr (Whole) return store(to, from);
    std::memcpy(to, &from, static_cast<std::size_t>(left) * sizeof(T));
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(LLOYD_PLAIN_VECTORS)

template <class Kernel, class... Arguments>
[[gnu::target("avx2,fma")]] auto run_avx2(Arguments... arguments) -> decltype(Kernel::template run<32>(arguments...)) {
    return Kernel::template run<32>(arguments...);
}

template <class Kernel, class... Arguments>
[[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]] auto run_avx512(Arguments... arguments)
    -> decltype(Kernel::template run<64>(arguments...)) {
    return Kernel::template run<64>(arguments...);
}

/// The best there is for this machine. (With its type written out, nobody need compile a kernel to learn it.)
template <class Kernel, class... Arguments>
auto run_kernel(Arguments... arguments) -> decltype(Kernel::template run<16>(arguments...)) {
    switch (active_cpu_level()) {
        case cpu_level::avx512: return run_avx512<Kernel>(arguments...);
        case cpu_level::avx2: return run_avx2<Kernel>(arguments...);
        default: return Kernel::template run<16>(arguments...);
    }
}

#else

template <class Kernel, class... Arguments>
auto run_kernel(Arguments... arguments) -> decltype(Kernel::template run<16>(arguments...)) {
    return Kernel::template run<16>(arguments...);
}

#endif

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
