// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Programs that do the same with each of their photos: the words that name files, and the loop over the photos.
///
///     photos::request files{.output = "hsv.png"};
///     files.declare(line, "the picture to write");
///     files.declare_limits(line);
///     if (!line.parse(argc, argv)) return;
///     photos::for_each(files, [&](photos::job& photo) {
///         const auto picture = io::read_rgb(photo.from, files.megapixels);
///         io::write(photo.begin_writing(), lloyd::rgb_to_hsv(picture));
///         photo.print_heading();
///         photo.print_end();
///     });
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "image_io.hpp"
#include "json.hpp"
#include "photo_lists.hpp"
#include "progress.hpp"
#include "report.hpp"
#include "stopwatch.hpp"

namespace photos {

/// The photos to read, and where to write what is made of them.
///
/// -o names a folder if it ends in / or if a folder of that name exists, and a file otherwise. Several photos, or a folder
/// to read, need a folder. Then what is made of a/photo.jpg is FOLDER/photo.png.
struct request {
    std::filesystem::path output;  ///< -o and its default. Empty: nothing is written
    std::vector<std::string> endings =
        io::picture_extensions();  ///< of a file to write; the first of those in a folder
    bool only_folder = false;  ///< whether -o always names a folder, in which a photo has a file with each of `endings`
    int megapixels = io::default_megapixels;
    int threads = 0;                                 ///< 0: all CPUs
    std::vector<std::filesystem::path> photos = {};  ///< empty: the bundled one
    std::string program = {};
    bool json = false;  ///< whether a report is one JSON object

    /// Declares the photos, and -o with what it means.
    void declare(cli::command_line& line, const std::string& help);

    /// Declares --threads and --max-pixels.
    void declare_limits(cli::command_line& line);

    /// Whether there are several photos, or a folder of them.
    bool names_several() const;

    /// The photos and the first file that is written for each. Throws cli::failure, before any work, for what cannot be
    /// meant or written.
    std::vector<io::photo_paths> checked() const;
};

/// One photo, while a program works on it.
class job {
public:
    job(io::photo_paths paths, std::size_t number, std::size_t of, int inner_threads, cli::progress& line);

    std::filesystem::path from, to;
    std::size_t index, count;  ///< this is photo `index`, from 0, of all photos
    bool is_bundled = false;   ///< whether it is taken because the user names none
    int threads;               ///< for the work on this photo
    cli::report out;           ///< is printed when the program is done with this photo and those before it

    /// Whether somebody watches this photo's progress.
    bool is_watched() const { return count == 1 && progress_.is_shown(); }

    /// Ends the last stage (the first one is "reading") and begins another. It comes after `share` of all work on this photo.
    void begin(const std::string& stage, double share);

    /// Shows how far the stage has come.
    void show(double share, const std::string& detail);

    /// Begins the stage "writing" after `share` of all work, and makes the folder of `to` if it is missing. Returns `to`.
    const std::filesystem::path& begin_writing(double share = 0.6);

    /// Adds the line "photo" to the report if there are several, or if the user has named none.
    void print_heading();

    /// Adds the lines "time", with each stage, and "written".
    void print_end();

    /// Adds a JSON object instead of all lines: "input", "output", the figures, and the "milliseconds" of each stage.
    void print_json(const json::object& figures);

private:
    cli::progress& progress_;
    cli::stopwatch times_;
    std::string stage_ = "reading";
};

/// Calls `work` with each photo, on several threads if there are several photos. The decoded photos that are in memory at a
/// time have at most the pixels that --max-pixels allows for one. A photo that fails does not stop the others: a line on
/// stderr names it, and at the end cli::failure has the exit code of the first one.
void for_each(const request& wanted, const std::function<void(job&)>& work);

/// How many threads, and how many million pixels in memory at a time.
struct limits {
    int threads, megapixels;
};

/// Calls work(i, threads) for each photo i on several threads, within the limits; `threads` is the number for this photo
/// alone. After each photo it calls done(n) with the number of those that are done, one call at a time. If a call of `work`
/// throws, no more photos are begun, and the exception of the first photo of the list is thrown again.
void each(const std::vector<io::photo_paths>& list, limits within, const std::function<void(std::size_t, int)>& work,
          const std::function<void(std::size_t)>& done);

/// "12 of 100 photos"
std::string of_all(std::size_t number, std::size_t count);

}  // namespace photos
