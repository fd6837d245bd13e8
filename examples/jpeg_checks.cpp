// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// JPEG (ITU T.81, annex B): segments that begin with a marker. Compressed data follows each segment that starts a scan.

#include <algorithm>
#include <array>
#include <string>

#include "image_checks.hpp"
#include "jpeg_scans.hpp"

namespace io {
namespace {

using bytes_view = std::span<const std::uint8_t>;

enum : std::uint8_t {
    huffman_tables = 0xC4,
    arithmetic_conditioning = 0xCC,
    end_of_image = 0xD9,
    start_of_scan = 0xDA,
    quantization_tables = 0xDB,
    number_of_lines = 0xDC,
    restart_interval = 0xDD,
    app0_jfif = 0xE0,
    app1_exif = 0xE1,
    app2_profile = 0xE2,
    app14_adobe = 0xEE,
    comment = 0xFE,
};

constexpr const char* made_by = "open it with the program that made it, and save it as a PNG";

/// Skips bytes up to the next marker that has a segment or ends the file. Returns its code.
std::uint8_t next_marker(byte_reader& file) {
    for (auto byte = file.byte();; byte = file.byte()) {
        if (byte != 0xFF) continue;
        while (byte == 0xFF) byte = file.byte();
        const bool alone = byte <= 0x01 || (0xD0 <= byte && byte <= 0xD7);  // an escaped FF, a restart marker
        if (!alone) return byte;
    }
}

/// Throws for kinds of frames that are not supported, all of which are rare.
void check_kind(std::uint8_t marker, int bits) {
    if (marker == 0xF7) throw bad_picture("it is a JPEG-LS, which is not supported", made_by);
    if (marker == 0xC3 || marker == 0xCB) throw bad_picture("it is a lossless JPEG, which is not supported", made_by);
    if (marker >= 0xC9)
        throw bad_picture("it is a JPEG with arithmetic coding, which is not supported",
                          "convert it: jpegtran FILE > usual.jpg, or convert FILE picture.png");
    if (marker > 0xC2) throw bad_picture("it is a hierarchical JPEG, which is not supported", made_by);
    if (bits != 8)
        throw bad_picture("it is a JPEG of " + std::to_string(bits) + " bits a channel, and only 8 are supported",
                          made_by);
}

bool is_frame(std::uint8_t marker) {
    const bool in_range = 0xC0 <= marker && marker <= 0xCF;
    return (in_range && marker != huffman_tables && marker != 0xC8 && marker != arithmetic_conditioning) ||
           marker == 0xF7;
}

[[noreturn]] void throw_odd_sizes() {
    throw bad_picture("the channels of the JPEG have sizes that are not supported", made_by);
}

/// Computes the number of blocks of each component, and of units of all components.
void count_blocks(jpeg_frame& frame) {
    const auto across = std::ranges::max(frame.components, {}, &jpeg_component::across).across;
    const auto down = std::ranges::max(frame.components, {}, &jpeg_component::down).down;
    frame.units_across = (frame.width + 8 * across - 1) / (8 * across);
    frame.units_down = (frame.height + 8 * down - 1) / (8 * down);
    for (auto& component : frame.components) {
        if (across % component.across != 0 || down % component.down != 0) throw_odd_sizes();
        const auto blocks = [](std::int64_t length, std::int64_t part, std::int64_t whole) {
            return ((length * part + whole - 1) / whole + 7) / 8;
        };
        component.columns = blocks(frame.width, component.across, across);
        component.rows = blocks(frame.height, component.down, down);
    }
}

jpeg_frame read_frame(std::uint8_t marker, bytes_view segment, int megapixels) {
    byte_reader file(segment);
    check_kind(marker, file.byte());
    jpeg_frame frame{};
    frame.progressive = marker == 0xC2;
    frame.height = file.big_endian(2);
    frame.width = file.big_endian(2);
    const auto count = file.byte();
    if (frame.height == 0) throw bad_picture("the JPEG gives its height only after its pixels, which is not supported");
    if (frame.width == 0) throw bad_picture("the JPEG has no width");
    if (count != 1 && count != 3 && count != 4)
        throw bad_picture("the JPEG has " + std::to_string(count) + " channels, and only 1, 3 and 4 are supported",
                          made_by);
    check_size(frame.width, frame.height, 4, megapixels);
    for (int i = 0; i < count; ++i) {
        const auto id = file.byte(), sampling = file.byte(), table = file.byte();
        if (table > 3) throw bad_picture("a quantization table of the JPEG has an invalid number");
        const std::int64_t across = sampling >> 4, down = sampling & 15;
        if (across < 1 || across > 4 || down < 1 || down > 4) throw_odd_sizes();
        frame.components.push_back({id, across, down, 0, 0, table, {}, {}});
        frame.components.back().missing_bits.fill(-1);
    }
    count_blocks(frame);
    return frame;
}

/// Reads all segments of a JPEG, and writes those that stb needs.
class jpeg_walk {
public:
    explicit jpeg_walk(int megapixels) : megapixels_(megapixels) {}

    /// To its end marker: a JPEG that stops before it is cut off, whatever decoders make of the rest.
    void read(bytes_view bytes) {
        byte_reader file(bytes.subspan(2));
        for (auto marker = next_marker(file); marker != end_of_image; marker = next_marker(file)) {
            const auto length = file.big_endian(2);
            const auto segment = file.take(std::max(length, 2u) - 2);
            if (marker == start_of_scan)
                see_scan(segment, file);
            else
                see(marker, segment);
        }
        scans_.check_complete();
        for (const auto byte : {0xFF, int{end_of_image}}) clean_.push_back(static_cast<std::uint8_t>(byte));
    }

    file_facts facts() const { return facts_; }
    std::vector<std::uint8_t>& clean() { return clean_; }

private:
    void see(std::uint8_t marker, bytes_view segment) {
        if (is_frame(marker)) return see_frame(marker, segment);
        if (marker >= app0_jfif && marker <= 0xEF) return see_application(marker, segment);
        switch (marker) {
            case huffman_tables: scans_.define_tables(segment); return keep(marker, segment);
            case quantization_tables: see_quantization(segment); return keep(marker, segment);
            case restart_interval:
                scans_.set_restart_interval(byte_reader(segment).big_endian(2));
                return keep(marker, segment.first(2));
            case comment:
            case arithmetic_conditioning:
            case number_of_lines: return;
            default: throw bad_picture("the JPEG is damaged: it has an unknown marker");
        }
    }

    void see_application(std::uint8_t marker, bytes_view segment) {
        if (marker == app0_jfif && starts_with(segment, {"JFIF\0", 5})) is_jfif_ = true;
        if (marker == app14_adobe && segment.size() >= 12 && starts_with(segment, "Adobe"))
            adobe_transform_ = segment[11];
        if (marker == app1_exif && starts_with(segment, {"Exif\0\0", 6}) && facts_.orientation == 1)
            facts_.orientation = exif_orientation(segment.subspan(6));
        // A profile is stored in parts. The first part contains its name, with 8 or 16 bits a letter.
        if (marker == app2_profile && starts_with(segment, {"ICC_PROFILE\0\1", 13})) {
            const auto has = [&](std::string_view name) {
                return std::search(segment.begin(), segment.end(), name.begin(), name.end()) != segment.end();
            };
            facts_.other_colors = !has("sRGB") && !has({"s\0R\0G\0B", 7});
        }
    }

    void see_quantization(bytes_view segment) {
        for (byte_reader tables(segment); !tables.at_end();) {
            const auto place = tables.byte();
            if (place >> 4 > 1 || (place & 15) > 3)
                throw bad_picture("a quantization table of the JPEG has an invalid number");
            tables.take(place >> 4 == 0 ? 64 : 128);
            has_quantization_[place & 15] = true;
        }
    }

    void see_frame(std::uint8_t marker, bytes_view segment) {
        if (scans_.started()) throw bad_picture("the JPEG has more than one frame");
        scans_.start(read_frame(marker, segment, megapixels_));
        const auto count = scans_.frame().components.size();
        std::vector<std::uint8_t> clean(segment.begin(), segment.begin() + 6 + 3 * static_cast<std::ptrdiff_t>(count));
        for (std::size_t i = 0; i < count; ++i) clean[6 + 3 * i] = static_cast<std::uint8_t>(i + 1);
        keep(marker, clean);
    }

    void see_scan(bytes_view segment, byte_reader& file) {
        constexpr int most_scans = 30;  // each covers all pixels; progressive photos have about ten
        if (!scans_.started()) throw bad_picture("a scan of the JPEG comes before its frame");
        if (++scan_count_ > most_scans) throw bad_picture("the JPEG has more than 30 scans");
        if (scan_count_ == 1) keep_colors();
        const auto data = file.take(scans_.read(segment, file.rest()));
        std::vector<std::uint8_t> clean(segment.begin(), segment.begin() + 4 + std::ptrdiff_t{2} * segment[0]);
        for (std::size_t i = 1; i + 3 < clean.size(); i += 2) clean[i] = number_of(clean[i]);
        if (!scans_.frame().progressive) std::ranges::copy(std::array{0, 63, 0}, clean.end() - 3);
        keep(start_of_scan, clean);
        clean_.insert(clean_.end(), data.begin(), data.end());
    }

    /// The position of a component, from 1 on. Throws bad_picture when its quantization table is missing.
    std::uint8_t number_of(std::uint8_t id) const {
        const auto& components = scans_.frame().components;
        const auto found = std::ranges::find(components, id, &jpeg_component::id);
        if (!has_quantization_[found->quantization]) throw bad_picture("a quantization table of the JPEG is missing");
        return static_cast<std::uint8_t>(found - components.begin() + 1);
    }

    /// Writes the coding of colours as an Adobe marker: 0 is none (RGB, or inverted CMYK), 1 is YCbCr, 2 is YCbCr and black.
    /// If no marker of the file states it, the guess is that of libjpeg.
    void keep_colors() {
        const auto& components = scans_.frame().components;
        const auto is = [&](int a, int b, int c) {
            return components[0].id == a && components[1].id == b && components[2].id == c;
        };
        std::uint8_t transform = 0;
        if (components.size() == 3) {
            const bool is_rgb = !is_jfif_ && (adobe_transform_ < 0 ? is('R', 'G', 'B') : adobe_transform_ == 0);
            transform = is_rgb ? 0 : 1;
        } else if (components.size() == 4) {
            transform = adobe_transform_ > 0 ? 2 : 0;
        }
        keep(app14_adobe, std::array<std::uint8_t, 12>{'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform});
    }

    void keep(std::uint8_t marker, bytes_view segment) {
        const auto length = segment.size() + 2;
        for (const auto number : {std::size_t{0xFF}, std::size_t{marker}, length >> 8, length & 0xFF})
            clean_.push_back(static_cast<std::uint8_t>(number));
        clean_.insert(clean_.end(), segment.begin(), segment.end());
    }

    int megapixels_;
    int scan_count_ = 0;
    file_facts facts_;
    jpeg_scans scans_;
    std::vector<std::uint8_t> clean_{0xFF, 0xD8};
    bool is_jfif_ = false;
    int adobe_transform_ = -1;
    std::array<bool, 4> has_quantization_{};
};

}  // namespace

std::int64_t jpeg_pixels(bytes_view bytes) {
    byte_reader file(bytes.subspan(2));
    for (;;) {
        const auto marker = next_marker(file);
        byte_reader segment(file.take(std::max(file.big_endian(2), 2u) - 2));
        if (!is_frame(marker)) continue;
        segment.byte();
        const std::int64_t height = segment.big_endian(2);
        return height * segment.big_endian(2);
    }
}

file_facts check_jpeg(std::vector<std::uint8_t>& bytes, int megapixels) {
    jpeg_walk walk(megapixels);
    walk.read(bytes);
    bytes.swap(walk.clean());
    return walk.facts();
}

}  // namespace io
