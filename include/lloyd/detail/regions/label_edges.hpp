// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Where neighbouring labels differ, as bits, 64 pixels in a word with the leftmost in the lowest bit; and which maps of
/// labels are refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/simd/movemask.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Bit i of `bits` is set where a[i] differs from b[i]. Bits behind the last, in the same word, become 0.
template <class Label>
struct differ_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const Label* a, const Label* b, std::ptrdiff_t size, std::uint64_t* bits) {
        for (; size >= 64; size -= 64, a += 64, b += 64) step<Bytes>(a, b, *bits++);
        if (size <= 0) return;
        Label last_of_a[64] = {}, last_of_b[64] = {};
        std::memcpy(&last_of_a, a, static_cast<std::size_t>(size) * sizeof(Label));
        std::memcpy(&last_of_b, b, static_cast<std::size_t>(size) * sizeof(Label));
        step<Bytes>(&last_of_a[0], &last_of_b[0], *bits);
    }

private:
    template <int Bytes>
    [[gnu::always_inline]] static void step(const Label* a, const Label* b, std::uint64_t& bits) {
        constexpr int lanes = Bytes / static_cast<int>(sizeof(Label));
        std::uint8_t bytes[64];
        for (int i = 0; i < 64; i += lanes) {
            simd<Label, Bytes> some, others, differ, none{};
            simd<std::uint8_t, lanes> narrow;
            load(some, a + i);
            load(others, b + i);
            broadcast(differ, Label{1});
            select(some == others, differ, none);
            convert(narrow, differ);
            store(&bytes[i], narrow);
        }
        bits = 0;
        for (int i = 0; i < 64; i += Bytes) {
            simd<std::uint8_t, Bytes> part;
            std::uint64_t part_bits;
            load(part, &bytes[i]);
            movemask<Bytes>(part_bits, part);
            bits |= part_bits << i;
        }
    }
};

/// Refuses a map of more than one channel, and one with a side that std::int32_t cannot count.
template <class Label>
void check_label_map(const char* who, image_view<const Label> labels) {
    constexpr std::ptrdiff_t longest = (std::numeric_limits<std::int32_t>::max)();
    if (labels.channels() != 1 && !labels.empty())
        refuse(who, ": labels has ", labels.channels(), " channels, but must have 1");
    if (labels.width() > longest || labels.height() > longest)
        refuse(who, ": labels has ", labels.width(), "x", labels.height(), " pixels, but a side may have at most ",
               longest);
}

inline void check_label(const char* who, std::int32_t label) {
    if (label < -1) refuse(who, ": a label is ", label, ", but must be at least -1");
}

/// The words of rows of edges: one bit for each of the `width` + 1 sides of pixels in a row.
inline std::ptrdiff_t edge_words_for(std::ptrdiff_t width) { return width / 64 + 1; }

/// Moves all bits one place up; the lowest becomes `first`.
inline void shift_up(std::uint64_t* bits, std::ptrdiff_t words, bool first) {
    std::uint64_t carry = first ? 1 : 0;
    for (std::ptrdiff_t i = 0; i < words; ++i) {
        const auto next = bits[i] >> 63;
        bits[i] = bits[i] << 1 | carry;
        carry = next;
    }
}

/// Bit x is set where label x of a row differs from label x − 1; bit 0 is `first`.
template <class Label>
void mark_changes(const Label* row, std::ptrdiff_t width, bool first, std::uint64_t* bits) {
    bits[width / 64] = 0;
    run_kernel<differ_kernel<Label>>(row + 1, row, width - 1, bits);
    shift_up(bits, edge_words_for(width), first);
}

}  // namespace lloyd::inline v0::detail
