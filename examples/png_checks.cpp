// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// PNG (ISO 15948): chunks of length, name, data and checksum.

#include <algorithm>
#include <array>
#include <string>

#include "image_checks.hpp"

namespace io {
namespace {

using bytes_view = std::span<const std::uint8_t>;

constexpr std::size_t signature_size = 8;

struct chunk {
    bytes_view name, data;

    bool is(std::string_view other) const { return starts_with(name, other); }

    /// The name, with ? for bytes that are not letters: those of a damaged file could be commands to a terminal.
    std::string printable_name() const {
        std::string result(name.begin(), name.end());
        std::replace_if(
            result.begin(), result.end(), [](char c) { return c < 'A' || c > 'z'; }, '?');
        return result;
    }
};

/// The remainders of all bytes by the polynomial of ISO 15948, annex D.
constexpr auto crc_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        table[i] = i;
        for (int bit = 0; bit < 8; ++bit) table[i] = table[i] >> 1 ^ (table[i] % 2 == 1 ? 0xEDB88320 : 0);
    }
    return table;
}();

chunk next_chunk(byte_reader& file) {
    const auto length = file.big_endian(4);
    const auto bytes = file.take(4 + std::size_t{length});
    const chunk result{bytes.first(4), bytes.subspan(4)};
    if (file.big_endian(4) != png_checksum(bytes))
        throw bad_picture("the PNG is damaged: the checksum of its chunk " + result.printable_name() + " is wrong");
    return result;
}

void check_header(const chunk& header, int megapixels) {
    if (!header.is("IHDR")) throw bad_picture("the PNG does not start with its header");
    byte_reader data(header.data);
    const auto width = data.big_endian(4), height = data.big_endian(4);
    const auto depth = data.byte(), color_type = data.byte();
    const bool any_depth = depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    const bool is_color = color_type == 2 || color_type == 4 || color_type == 6;
    const bool known = (color_type == 0 && any_depth) || (color_type == 3 && any_depth && depth <= 8) ||
                       (is_color && (depth == 8 || depth == 16));
    const auto compression = data.byte(), filter = data.byte(), interlaced = data.byte();
    const bool usual = compression == 0 && filter == 0 && interlaced <= 1 && data.at_end();
    constexpr std::uint32_t largest = 0x7FFFFFFF;
    if (!known || !usual || width == 0 || height == 0 || width > largest || height > largest)
        throw bad_picture("the header of the PNG is invalid");
    check_size(width, height, 4, megapixels);  // at most RGBA: a colour may be transparent

    // stb keeps the stored rows, the pixels made of them, and for an interlaced file the pixels of its seven passes.
    const std::int64_t channels = color_type == 0 || color_type == 4 ? 2 : 4, copies = interlaced == 1 ? 3 : 2;
    check_decoder_memory(std::int64_t{width} * height * channels * (depth == 16 ? 2 : 1) * copies, megapixels,
                         interlaced == 1 ? "save it without interlacing" : "shrink it");
}

/// Collects the chunks that describe the colours of a file. sRGB has gamma 1 / 2.2 and the primaries below; both are stored
/// times 100,000.
class color_chunks {
public:
    void see(const chunk& c) {
        if (c.is("sRGB")) is_srgb_ = true;
        if (c.is("iCCP")) has_profile_ = !names_srgb(c.data);
        if (c.is("gAMA") && c.data.size() == 4) differs_ |= !is_about(c.data, 45455, 2000);
        constexpr std::uint32_t primaries[] = {31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000};
        if (c.is("cHRM") && c.data.size() == 32)
            for (std::size_t i = 0; i < 8; ++i) differs_ |= !is_about(c.data.subspan(4 * i, 4), primaries[i], 1000);
    }
    bool are_others() const { return has_profile_ || (differs_ && !is_srgb_); }

private:
    static bool names_srgb(bytes_view profile) {
        const std::string name(profile.begin(), std::find(profile.begin(), profile.end(), 0));
        return name.find("sRGB") != std::string::npos;
    }
    static bool is_about(bytes_view number, std::uint32_t expected, std::uint32_t tolerance) {
        const auto value = byte_reader(number).big_endian(4);
        return expected - tolerance <= value && value <= expected + tolerance;
    }

    bool is_srgb_ = false, has_profile_ = false, differs_ = false;
};

/// Extends the palette, a chunk of `length` bytes at `palette`, to 256 colours. Its checksum is then wrong, and stb ignores
/// it.
void pad_palette(std::vector<std::uint8_t>& bytes, std::size_t palette, std::size_t length) {
    constexpr std::size_t full = 768;
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(palette + length), full - length, 0);
    bytes[palette - 6] = full >> 8;
    bytes[palette - 5] = full & 0xFF;
}

}  // namespace

std::uint32_t png_checksum(bytes_view bytes) {
    std::uint32_t sum = 0xFFFFFFFF;
    for (const auto byte : bytes) sum = crc_table[(sum ^ byte) & 0xFF] ^ sum >> 8;
    return ~sum;
}

file_facts check_png(std::vector<std::uint8_t>& bytes, int megapixels) {
    file_facts facts;
    color_chunks colors;
    bytes_view palette;
    byte_reader file(bytes);
    file.take(signature_size);
    check_header(next_chunk(file), megapixels);
    for (;;) {
        const auto c = next_chunk(file);
        colors.see(c);
        if (c.is("eXIf")) facts.orientation = exif_orientation(c.data);
        if (c.is("PLTE")) palette = c.data;
        if (c.is("IEND")) break;
        const bool is_critical = (c.name[0] & 0x20) == 0;
        if (is_critical && !c.is("PLTE") && !c.is("IDAT"))
            throw bad_picture("the PNG has a critical chunk " + c.printable_name() +
                              ", which the standard does not define");
    }
    facts.other_colors = colors.are_others();
    if (palette.size() % 3 != 0) throw bad_picture("the palette of the PNG is invalid");
    if (!palette.empty() && palette.size() < 768)
        pad_palette(bytes, static_cast<std::size_t>(palette.data() - bytes.data()), palette.size());
    return facts;
}

std::vector<std::uint8_t> png_chunks(std::span<const std::uint8_t> bytes, std::string_view wanted) {
    std::vector<std::uint8_t> all;
    byte_reader file(bytes);
    file.take(signature_size);
    for (;;) {
        const auto length = file.big_endian(4);
        const auto name = file.take(4), data = file.take(length);
        file.take(4);
        if (starts_with(name, wanted)) all.insert(all.end(), data.begin(), data.end());
        if (starts_with(name, "IEND")) return all;
    }
}

}  // namespace io
