// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The loops of recolor and mask: from labels to pixels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Whether every label is 0 to `last`. Labels are compared as unsigned numbers, of which negative ones are the largest.
template <class Label>
struct within_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static bool run(const Label* labels, std::ptrdiff_t size, Label last) {
        using unsigned_label = std::make_unsigned_t<Label>;
        using lanes = simd<unsigned_label, Bytes>;
        constexpr std::ptrdiff_t step = Bytes / static_cast<int>(sizeof(Label));
        const auto limit = static_cast<unsigned_label>(last);
        lanes some, largest;
        broadcast(largest, unsigned_label{0});
        std::ptrdiff_t i = 0;
        for (; i + step <= size; i += step) {
            load(some, labels + i);
            select(largest < some, largest, some);
        }
        unsigned_label highest = 0, parts[static_cast<std::size_t>(step)];
        store(parts, largest);
        for (const auto part : parts) highest = part > highest ? part : highest;
        for (; i < size; ++i)
            if (static_cast<unsigned_label>(labels[i]) > highest) highest = static_cast<unsigned_label>(labels[i]);
        return highest <= limit;
    }
};

/// mask = 255 where a label is `inside`, 0 elsewhere.
template <class Label>
struct mask_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const Label* labels, std::ptrdiff_t size, Label inside, std::uint8_t* mask) {
        constexpr std::ptrdiff_t step = Bytes / static_cast<int>(sizeof(Label));
        simd<Label, Bytes> some, sought, zero, full;
        simd<std::uint8_t, static_cast<int>(step)> narrow;
        broadcast(sought, inside);
        broadcast(zero, Label{0});
        broadcast(full, Label{255});
        std::ptrdiff_t i = 0;
        for (; i + step <= size; i += step) {
            load(some, labels + i);
            auto found = zero;
            select(some == sought, found, full);
            convert(narrow, found);
            store(mask + i, narrow);
        }
        for (; i < size; ++i) mask[i] = static_cast<std::uint8_t>(labels[i] == inside ? 255 : 0);
    }
};

/// A palette. Colours of three channels are stored as 4 bytes each, so that a pixel is written by one store.
class padded_palette {
public:
    /// `elements` are colours × channels.
    padded_palette(std::vector<std::uint8_t> elements, std::size_t channels)
        : elements_(std::move(elements)), channels_(channels) {
        for (std::size_t i = 0; channels == 3 && i < elements_.size(); i += 3)
            std::memcpy(&padded_.emplace_back(), &elements_[i], 3);
    }

    /// Writes the colour of each label of a row; every label is 0 to the number of colours − 1.
    template <class Label>
    void recolor(std::span<const Label> labels, std::uint8_t* to) const {
        if (labels.empty()) return;
        if (channels_ != 3) return recolor_any(labels, to);
        const std::uint32_t* colors = padded_.data();
        for (const auto label : labels.first(labels.size() - 1)) {
            std::memcpy(to, colors + label, 4);  // the next pixel overwrites the surplus byte
            to += 3;
        }
        std::memcpy(to, colors + labels.back(), 3);
    }

private:
    template <class Label>
    void recolor_any(std::span<const Label> labels, std::uint8_t* to) const {
        for (const auto label : labels)
            to = std::copy_n(elements_.data() + static_cast<std::size_t>(label) * channels_, channels_, to);
    }

    std::vector<std::uint8_t> elements_;
    std::vector<std::uint32_t> padded_;  ///< colours of three channels; empty for other palettes
    std::size_t channels_;
};

/// A number of a palette, in 8 bits.
inline std::uint8_t to_8_bits(std::uint8_t value) { return value; }
inline std::uint8_t to_8_bits(double value) {
    if (!is_finite(value)) refuse("recolor: a palette value is ", value, ", but must be finite");
    return static_cast<std::uint8_t>(std::clamp(round_half_up(value), 0.0, 255.0));
}

/// Refuses labels without a colour.
template <class Label>
void check_labels(std::span<const Label> labels, std::ptrdiff_t colors) {
    const auto last = (std::min)(colors - 1, std::ptrdiff_t{(std::numeric_limits<Label>::max)()});
    if (run_kernel<within_kernel<Label>>(labels.data(), std::ssize(labels), static_cast<Label>(last))) return;
    for (const auto label : labels)
        if (label < 0 || label > last) refuse("recolor: a label is ", label, ", but must be 0 to ", colors - 1);
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <class Label, class Value>
void recolor_into(image_view<const Label> labels, image_view<const Value> palette, image_view<std::uint8_t> result) {
    if (labels.channels() != 1 && !labels.empty())
        refuse("recolor: labels has ", labels.channels(), " channels, but must have 1");
    if (palette.empty() && !labels.empty()) refuse("recolor: the palette has 0 colours, but needs one for each label");
    std::vector<std::uint8_t> colors;
    for (std::ptrdiff_t y = 0; y < palette.height() && !palette.empty(); ++y)
        for (const auto value : palette.row(y)) colors.push_back(to_8_bits(value));
    if (labels.empty()) return;
    const padded_palette padded(std::move(colors), static_cast<std::size_t>(palette.channels()));
    for (std::ptrdiff_t y = 0; y < labels.height(); ++y) {
        check_labels(labels.row(y), palette.size());
        padded.recolor(labels.row(y), result.row(y).data());
    }
}

template <class Label>
image<std::uint8_t, 1> mask_of(image_view<const Label> labels, int segment) {
    if (labels.channels() != 1 && !labels.empty())
        refuse("mask: labels has ", labels.channels(), " channels, but must have 1");
    constexpr int highest = (std::numeric_limits<Label>::max)();
    if (segment < 0 || segment > highest) refuse("mask: segment is ", segment, ", but must be 0 to ", highest);
    auto inside = uninitialized_image<std::uint8_t, 1>(labels.width(), labels.height());
    if (labels.empty()) return inside;
    for (std::ptrdiff_t y = 0; y < labels.height(); ++y)
        run_kernel<mask_kernel<Label>>(labels.row(y).data(), labels.width(), static_cast<Label>(segment),
                                       inside.row(y).data());
    return inside;
}

#include <lloyd/detail/base/close_entries.inc>
