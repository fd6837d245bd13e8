// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "jpeg_scans.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "image_checks.hpp"

namespace io {
namespace {

using bytes_view = std::span<const std::uint8_t>;

[[noreturn]] void throw_damaged() { throw bad_picture("the JPEG is damaged: its pixels have invalid Huffman codes"); }
[[noreturn]] void throw_senseless() { throw bad_picture("a scan of the JPEG has an invalid header"); }

/// The bits of a scan's data, up to the next marker.
class bit_reader {
public:
    explicit bit_reader(bytes_view data) : data_(data) {}

    /// Throws bad_picture if there are fewer bits.
    void skip(int count) {
        if (count > count_) fill();
        if (count > count_) throw bad_picture("the JPEG is cut off: a scan ends before its last pixel");
        bits_ <<= count;
        count_ -= count;
    }
    std::uint32_t take(int count) {
        if (count > count_) fill();
        const auto result = count == 0 ? 0 : static_cast<std::uint32_t>(bits_ >> (64 - count));
        skip(count);
        return result;
    }
    std::uint8_t symbol(const huffman_table& table) {
        if (count_ < 16) fill();
        const auto code = table.find(static_cast<std::uint32_t>(bits_ >> 48));
        if (code.length == 0 && count_ >= 16) throw_damaged();
        skip(code.length == 0 ? 16 : code.length);
        return code.symbol;
    }

    /// Skips the restart marker that must come next.
    void restart() {
        auto mark = at_;
        while (mark + 1 < data_.size() && data_[mark] == 0xFF && data_[mark + 1] == 0xFF) ++mark;
        const bool found = count_ < 8 && mark + 1 < data_.size() && data_[mark] == 0xFF && data_[mark + 1] >> 3 == 26;
        if (!found) throw bad_picture("the JPEG is damaged: a restart marker is missing");
        at_ = mark + 2;
        bits_ = 0;
        count_ = 0;
    }

    /// The number of bytes read so far, including one that is read in part.
    std::size_t position() const {
        auto end = at_;
        for (int whole = count_ / 8; whole > 0; --whole)
            end -= end >= 2 && data_[end - 1] == 0 && data_[end - 2] == 0xFF ? 2U : 1U;
        return end;
    }

private:
    void fill() {
        while (count_ <= 56 && at_ < data_.size()) {
            const auto byte = data_[at_];
            if (byte == 0xFF) {
                auto next = at_ + 1;
                while (next < data_.size() && data_[next] == 0xFF) ++next;
                if (next == data_.size() || data_[next] != 0) return;  // a marker
                at_ = next;
            }
            ++at_;
            bits_ |= std::uint64_t{byte} << (56 - count_);
            count_ += 8;
        }
    }

    bytes_view data_;
    std::size_t at_ = 0;
    std::uint64_t bits_ = 0;  // the next bits, from the highest one on, followed by zeros
    int count_ = 0;
};

/// A component's part in a scan.
struct scan_part {
    jpeg_component* component;
    const huffman_table *dc, *ac;
};

struct scan {
    std::vector<scan_part> parts;
    int first, last;                    // coefficients, in zigzag order
    int missing_before, missing_after;  // of their last bits; 0 for missing_before means that this is the first scan
    std::uint64_t band() const { return (~std::uint64_t{0} >> (63 - last)) & (~std::uint64_t{0} << first); }
};

scan read_header(bytes_view segment, jpeg_frame& frame, const std::array<huffman_table, 4>& dc,
                 const std::array<huffman_table, 4>& ac) {
    byte_reader file(segment);
    scan result{};
    const auto count = file.byte();
    if (count < 1 || count > 4) throw_senseless();
    for (int i = 0; i < count; ++i) {
        const auto id = file.byte(), tables = file.byte();
        const auto found = std::ranges::find(frame.components, id, &jpeg_component::id);
        if (found == frame.components.end() || tables >> 4 > 3 || (tables & 15) > 3) throw_senseless();
        result.parts.push_back({&*found, &dc[tables >> 4], &ac[tables & 15]});
    }
    result.first = file.byte();
    result.last = file.byte();
    const auto bits = file.byte();
    result.missing_before = bits >> 4;
    result.missing_after = bits & 15;
    if (!frame.progressive) result.first = 0, result.last = 63, result.missing_before = 0, result.missing_after = 0;
    const bool needs_dc = result.first == 0 && result.missing_before == 0, needs_ac = result.last > 0;
    for (const auto& part : result.parts)
        if ((needs_dc && !part.dc->defined()) || (needs_ac && !part.ac->defined()))
            throw bad_picture("a Huffman table of the JPEG is missing");
    const bool only_means = result.first == 0 && result.last == 0, only_waves = result.first > 0 && count == 1;
    if (frame.progressive && !only_means && !only_waves) throw_senseless();
    if (result.first > result.last || result.last > 63 || result.missing_before > 13 || result.missing_after > 13)
        throw_senseless();
    return result;
}

/// Calls `block(part, index)` for each block of a scan in order. In a scan of one component, `index` counts its blocks.
template <class Block>
void for_each_block(const scan& scan, const jpeg_frame& frame, std::int64_t interval, bit_reader& bits,
                    std::int64_t& run, Block block) {
    const bool alone = scan.parts.size() == 1;
    const auto& only = *scan.parts[0].component;
    const auto units = alone ? only.columns * only.rows : frame.units_across * frame.units_down;
    auto left = interval;
    for (std::int64_t unit = 0; unit < units; ++unit) {
        if (interval > 0 && left-- == 0) {
            bits.restart();
            run = 0;
            left = interval - 1;
        }
        for (const auto& part : scan.parts)
            for (auto n = alone ? 1 : part.component->across * part.component->down; n > 0; --n)
                block(part, static_cast<std::size_t>(unit));
    }
}

void read_mean(bit_reader& bits, const huffman_table& table) {
    const auto length = bits.symbol(table);
    if (length > 15) throw_damaged();
    bits.skip(length);
}

void read_whole_block(bit_reader& bits, const scan_part& part) {
    read_mean(bits, *part.dc);
    for (int k = 1; k < 64; ++k) {
        const auto symbol = bits.symbol(*part.ac);
        if ((symbol & 15) == 0 && symbol != 0xF0) return;
        k += symbol >> 4;
        if (k > 63) throw_damaged();
        bits.skip(symbol & 15);
    }
}

/// Reads the first bits of some AC coefficients of a block. One code may stand for a run of blocks without any: `run` counts
/// the blocks of the run that are still to come.
void read_first_bits(bit_reader& bits, const scan& scan, std::uint64_t& not_zero, std::int64_t& run) {
    if (run > 0) {
        --run;
        return;
    }
    for (int k = scan.first; k <= scan.last; ++k) {
        const auto symbol = bits.symbol(*scan.parts[0].ac);
        const int zeros = symbol >> 4, length = symbol & 15;
        if (length == 0 && zeros < 15) {
            run = (std::int64_t{1} << zeros) + bits.take(zeros) - 1;
            return;
        }
        k += zeros;
        if (k > scan.last) throw_damaged();
        bits.skip(length);
        if (length > 0) not_zero |= std::uint64_t{1} << k;
    }
}

/// Reads one more bit of each AC coefficient that is not 0, and the first bit of those that become nonzero.
void read_more_bits(bit_reader& bits, const scan& scan, std::uint64_t& not_zero, std::int64_t& run) {
    int k = scan.first;
    while (run == 0 && k <= scan.last) {
        const auto symbol = bits.symbol(*scan.parts[0].ac);
        int zeros = symbol >> 4;
        const int length = symbol & 15;
        if (length == 0 && zeros < 15) {
            run = (std::int64_t{1} << zeros) + bits.take(zeros);
            break;
        }
        if (length > 1) throw_damaged();
        bits.skip(length);
        for (; k <= scan.last; ++k) {
            const bool known = (not_zero >> k & 1) != 0;
            if (!known && zeros-- == 0) break;
            bits.skip(known ? 1 : 0);
        }
        if (length > 0 && k > scan.last) throw_damaged();
        if (length > 0) not_zero |= std::uint64_t{1} << k;
        ++k;
    }
    if (run == 0) return;
    --run;
    const auto rest = k > 63 ? 0 : scan.band() & (~std::uint64_t{0} << k);
    for (int n = std::popcount(not_zero & rest); n > 0; --n) bits.skip(1);
}

}  // namespace

void huffman_table::define(bytes_view counts, bytes_view symbols) {
    *this = {};
    defined_ = true;
    std::ranges::copy(symbols, symbols_.begin());
    std::uint32_t number = 0;
    std::size_t index = 0;
    for (std::size_t length = 1; length <= 16; ++length, number <<= 1) {
        first_symbol_[length] = static_cast<std::ptrdiff_t>(index) - static_cast<std::ptrdiff_t>(number);
        for (int n = counts[length - 1]; n > 0; --n, ++number, ++index) {
            if (number >> length != 0) throw bad_picture("a Huffman table of the JPEG has too many codes");
            if (length > quick_bits) continue;
            const auto spread = std::size_t{1} << (quick_bits - length);
            std::fill_n(quick_.begin() + static_cast<std::ptrdiff_t>(number * spread), spread,
                        huffman_table::code{static_cast<int>(length), symbols[index]});
        }
        ends_[length] = number << (16 - length);
    }
}

huffman_table::code huffman_table::find_long(std::uint32_t next_16_bits) const {
    for (std::size_t length = quick_bits + 1; length <= 16; ++length)
        if (next_16_bits < ends_[length]) {
            const std::ptrdiff_t number = next_16_bits >> (16 - length);
            return {static_cast<int>(length), symbols_[static_cast<std::size_t>(number + first_symbol_[length])]};
        }
    return {0, 0};
}

void jpeg_scans::define_tables(bytes_view segment) {
    for (byte_reader tables(segment); !tables.at_end();) {
        const auto place = tables.byte();
        const auto counts = tables.take(16);
        std::size_t symbols = 0;
        for (const auto codes_of_one_length : counts) symbols += codes_of_one_length;
        if (symbols > 256) throw bad_picture("a Huffman table of the JPEG has more than 256 symbols");
        if (place >> 4 > 1 || (place & 15) > 3) throw bad_picture("a Huffman table of the JPEG has an invalid number");
        (place >> 4 == 0 ? dc_ : ac_)[place & 15].define(counts, tables.take(symbols));
    }
}

std::size_t jpeg_scans::read(bytes_view segment, bytes_view data) {
    const auto scan = read_header(segment, frame_, dc_, ac_);
    bit_reader bits(data);
    std::int64_t run = 0;
    const auto for_each = [&](auto block) { for_each_block(scan, frame_, restart_interval_, bits, run, block); };
    auto& not_zero = scan.parts[0].component->not_zero;
    if (scan.first > 0) {
        const auto& only = *scan.parts[0].component;
        not_zero.resize(static_cast<std::size_t>(only.columns * only.rows));
    }
    if (!frame_.progressive)
        for_each([&](const scan_part& part, std::size_t) { read_whole_block(bits, part); });
    else if (scan.first == 0 && scan.missing_before == 0)
        for_each([&](const scan_part& part, std::size_t) { read_mean(bits, *part.dc); });
    else if (scan.first == 0)
        for_each([&](const scan_part&, std::size_t) { bits.skip(1); });
    else if (scan.missing_before == 0)
        for_each([&](const scan_part&, std::size_t i) { read_first_bits(bits, scan, not_zero[i], run); });
    else
        for_each([&](const scan_part&, std::size_t i) { read_more_bits(bits, scan, not_zero[i], run); });
    for (const auto& part : scan.parts)
        std::fill(part.component->missing_bits.begin() + scan.first,
                  part.component->missing_bits.begin() + scan.last + 1, scan.missing_after);
    return bits.position();
}

void jpeg_scans::check_complete() const {
    if (!started()) throw bad_picture("the JPEG contains no picture");
    for (const auto& component : frame_.components) {
        if (component.missing_bits[0] < 0)
            throw bad_picture("the JPEG is cut off: scans of some of its colours are missing");
        if (std::ranges::max(component.missing_bits) > 0)
            throw bad_picture("the JPEG is cut off: its last scans are missing");
    }
}

}  // namespace io
