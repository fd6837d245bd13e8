// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 4 of Canny writes two bits for each pixel, weak and edge; stage 5 turns weak ones into edges; then edges
/// become the bytes of the output image. This is what they share: the bits, an index of their words, and the image.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/hysteresis_kernels.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A pixel is "weak" if it is above `low`, "edge" if it is an edge (at first the strong pixels), and "unresolved" if it
/// is weak but not an edge. Different rows may be written from different threads.
template <class = deferred>
class edge_bits {
public:
    using word_group = std::uint16_t;  ///< a bit for each of 16 words: see words_in_group

    explicit edge_bits(image_view<std::uint8_t, 1> output)
        : output_(output),
          words_(words_for(output.width())),
          margin_(words_ < propagate_kernel::min_words ? 0 : 1),
          stride_(words_ + 2 * margin_),
          height_(output.height()),
          groups_((words_ + words_in_group - 1) / words_in_group),
          bits_(static_cast<std::size_t>(2 * stride_ * height_)),
          weak_words_(static_cast<std::size_t>(groups_ * height_), 0),
          unresolved_words_(static_cast<std::size_t>(groups_ * height_), 0),
          zeros_(std::size_t{pixel_word_bits}, 0) {}

    std::ptrdiff_t height() const { return height_; }
    std::ptrdiff_t words() const { return words_; }    ///< of a row
    std::ptrdiff_t stride() const { return stride_; }  ///< words from row to row
    std::ptrdiff_t groups() const { return groups_; }  ///< of a row

    /// Whether rows have a word of zeros before and behind them, as the kernels of hysteresis_kernels.hpp need it.
    bool has_margins() const { return margin_ > 0; }

    pixel_word* weak(std::ptrdiff_t y) const { return bits_.data() + margin_ + y * stride_; }
    pixel_word* edges(std::ptrdiff_t y) const { return weak(y + height_); }

    /// The words of row y that have a weak pixel, and those that may have an unresolved one.
    word_group* weak_words(std::ptrdiff_t y) const { return weak_words_.data() + y * groups_; }
    word_group* unresolved_words(std::ptrdiff_t y) const { return unresolved_words_.data() + y * groups_; }

    /// Indexes words first to last − 1 of row y, once their bits are written. `first` is a multiple of 16.
    void index_row(std::ptrdiff_t y, std::ptrdiff_t first, std::ptrdiff_t last) {
        if (has_margins() && last == words_)
            for (pixel_word* row : {weak(y), edges(y)}) row[-1] = row[words_] = 0;
        run_kernel<index_row_kernel>(weak(y), edges(y), first, last, weak_words(y), unresolved_words(y));
    }

    /// Writes row y of the output image: 255 for edges, otherwise 0. Only here, in the order of rows: so the processor
    /// itself fetches the memory ahead of time.
    void write_row(std::ptrdiff_t y) const {
        run_kernel<clear_kernel>(zeros_.data(), output_.row(y).data(), output_.width());
        run_kernel<expand_bits_kernel>(weak_words(y), edges(y), output_.width(), output_.row(y).data());
    }

private:
    image_view<std::uint8_t, 1> output_;
    std::ptrdiff_t words_;
    std::ptrdiff_t margin_;  ///< words of zeros before and behind each row
    std::ptrdiff_t stride_, height_, groups_;
    buffer<pixel_word> bits_;  ///< all weak rows, then all rows of edges: in turn they were slower
    buffer<word_group> weak_words_, unresolved_words_;
    buffer<std::uint8_t> zeros_;  ///< of the longest vector
};

}  // namespace lloyd::inline v0::detail
