// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Reads every Huffman code of the scans of a JPEG (ITU T.81, annexes F and G), without keeping coefficients. There is no
/// other way to know whether all blocks are there. stb accepts scans that end early and leaves the rest gray.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace io {

struct jpeg_component {
    std::uint8_t id;
    std::int64_t across, down;   // blocks of 8x8 in a unit of several components: 1 to 4 each
    std::int64_t columns, rows;  // blocks in a scan of this component alone
    std::uint8_t quantization;   // number of its table
    /// For each coefficient the number of its last bits that no scan has given yet; -1 before its first scan.
    std::array<int, 64> missing_bits;
    /// In progressive frames: for each block, the coefficients that are not 0, as bits.
    std::vector<std::uint64_t> not_zero;
};

struct jpeg_frame {
    bool progressive;
    std::int64_t width, height;
    std::int64_t units_across, units_down;  // a unit has across * down blocks of each component
    std::vector<jpeg_component> components;
};

/// A table of a DHT segment: codes of 1 to 16 bits for numbers of 8 bits.
class huffman_table {
public:
    /// `counts[i]` codes have i + 1 bits; `symbols` are their symbols in order. Throws bad_picture for too many codes.
    void define(std::span<const std::uint8_t> counts, std::span<const std::uint8_t> symbols);

    bool defined() const { return defined_; }

    struct code {
        int length;  // 0: there is no such code
        std::uint8_t symbol;
    };
    /// The code at the start of the next 16 bits.
    code find(std::uint32_t next_16_bits) const {
        const auto quick = quick_[next_16_bits >> (16 - quick_bits)];
        return quick.length != 0 ? quick : find_long(next_16_bits);
    }

private:
    static constexpr int quick_bits = 9;
    code find_long(std::uint32_t next_16_bits) const;

    bool defined_ = false;
    std::array<code, 1 << quick_bits> quick_{};      // by the first bits, for codes of at most quick_bits
    std::array<std::uint32_t, 17> ends_{};           // by length: the 16 bits at which longer codes start
    std::array<std::ptrdiff_t, 17> first_symbol_{};  // by length: index of its first symbol less its first code
    std::array<std::uint8_t, 256> symbols_{};
};

class jpeg_scans {
public:
    /// Sets the contents of DHT, DRI and SOF segments. Throw bad_picture.
    void define_tables(std::span<const std::uint8_t> segment);
    void set_restart_interval(std::uint32_t units) { restart_interval_ = units; }
    void start(jpeg_frame frame) { frame_ = std::move(frame); }

    const jpeg_frame& frame() const { return frame_; }
    bool started() const { return !frame_.components.empty(); }

    /// Reads a scan: its SOS segment, and the data after it. Returns the number of bytes that the codes take.
    /// Throws bad_picture if a code is missing or wrong.
    std::size_t read(std::span<const std::uint8_t> segment, std::span<const std::uint8_t> data);

    /// Throws bad_picture unless the scans have given all components, to the last bit.
    void check_complete() const;

private:
    jpeg_frame frame_{};
    std::uint32_t restart_interval_ = 0;
    std::array<huffman_table, 4> dc_{}, ac_{};
};

}  // namespace io
