// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Vectors as plain arrays, for other compilers and for LLOYD_PLAIN_VECTORS. gnu_vectors.hpp documents each function.
#pragma once

#include <lloyd/detail/base/rounding.hpp>

#if !defined(__GNUC__) || defined(LLOYD_PLAIN_VECTORS)

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/open_detail.inc>

template <class T, int Bytes>
struct plain_vector {
    static constexpr std::ptrdiff_t size = Bytes / static_cast<int>(sizeof(T));
    T lanes[static_cast<std::size_t>(Bytes) / sizeof(T)];

    using integer = std::conditional_t<sizeof(T) == 8, std::int64_t,
                                       std::conditional_t<sizeof(T) == 2, std::int16_t, std::int32_t>>;
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
using simd = plain_vector<T, Bytes>;

template <class Vector, class T>
[[gnu::always_inline]] inline void broadcast(Vector& to, T value) {
    for (std::ptrdiff_t i = 0; i < Vector::size; ++i) to[i] = value;
}

template <class To, class From>
[[gnu::always_inline]] inline void convert(To& to, const From& from) {
    to = To::each([&](std::ptrdiff_t i) { return from[i]; });
}

template <class T, int Bytes>
[[gnu::always_inline]] inline void rounded(plain_vector<T, Bytes>& to, const plain_vector<T, Bytes>& value) {
    for (std::ptrdiff_t i = 0; i < to.size; ++i) rounded(to[i], T{value[i]});
}

template <class Mask, class Vector>
[[gnu::always_inline]] inline void select(const Mask& mask, Vector& target, const Vector& value) {
    for (std::ptrdiff_t i = 0; i < Vector::size; ++i)
        if (mask[i] != 0) target[i] = value[i];
}

template <class Vector>
[[gnu::always_inline]] inline void abs_in_place(Vector& target) {
    select(target < Vector{}, target, Vector{} - target);
}

template <class Vector>
[[gnu::always_inline]] inline void max_in_place(Vector& target, const Vector& value) {
    select(target < value, target, value);
}

template <class Vector>
[[gnu::always_inline]] inline void min_in_place(Vector& target, const Vector& value) {
    select(value < target, target, value);
}

template <class Vector>
[[gnu::always_inline]] inline void horizontal_add4(Vector& total, const Vector (&v)[4]) {
    for (std::ptrdiff_t i = 0; i < 4; ++i) total[i] = v[i][0] + v[i][1] + v[i][2] + v[i][3];
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

}  // namespace lloyd::inline v0::detail

#endif
