// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "output_files.hpp"

#include <set>
#include <string>
#include <system_error>

#include "file_system.hpp"
#include "program.hpp"

namespace io {

namespace fs = std::filesystem;

fs::path place_of(const fs::path& path) {
    std::error_code ignored;
    const auto place = fs::weakly_canonical(fs::absolute(path, ignored), ignored);
    return place.empty() ? path : place;
}

void require_apart(const std::vector<fs::path>& inputs, const std::vector<fs::path>& outputs) {
    std::set<fs::path> read, written;
    for (const auto& path : inputs) read.insert(place_of(path));
    for (const auto& path : outputs) {
        std::error_code ignored;
        if (path.empty() || fs::is_character_file(path, ignored)) continue;
        const auto place = place_of(path);
        if (read.contains(place))
            throw cli::failure(cli::usage, cli::given(path) +
                                               " is read, and would be overwritten; choose another path to write to");
        if (!written.insert(place).second)
            throw cli::failure(cli::usage,
                               cli::given(path) + " would be written twice; choose another path for one output");
    }
}

void require_free_stdout(const std::vector<fs::path>& outputs) {
    for (const auto& path : outputs)
        if (is_stdout(path))
            throw cli::failure(cli::usage, "--json prints on stdout, but " + cli::given(path) +
                                               " is stdout, too; choose another path, or /dev/stderr");
}

}  // namespace io
