// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "photo_jobs.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "file_system.hpp"
#include "files.hpp"
#include "output_files.hpp"
#include "program.hpp"

namespace photos {
namespace {

namespace fs = std::filesystem;

/// Gives photos to threads, one after another, and as many at a time as the memory holds.
class queue {
public:
    queue(const std::vector<io::photo_paths>& list, limits within)
        : list_(list), within_(within), budget_(std::int64_t{1'000'000} * within.megapixels) {}

    struct turn {
        std::size_t index;
        std::int64_t pixels;
        bool is_alone;  ///< whether it leaves no room for another photo of its size
    };

    /// Waits until there is room for the next photo. Nothing if there is none.
    std::optional<turn> next() {
        std::unique_lock lock(mutex_);
        if (stopped_ || next_ == list_.size()) return {};
        const auto index = next_++;
        lock.unlock();
        const auto pixels = std::min(io::pixels_in(list_[index].from, within_.megapixels).value_or(budget_), budget_);
        lock.lock();
        room_.wait(lock, [&] { return in_memory_ + pixels <= budget_; });
        in_memory_ += pixels;
        return turn{index, pixels, 2 * pixels > budget_};
    }

    void end(const turn& of, std::exception_ptr error, const std::function<void(std::size_t)>& done) {
        const std::lock_guard lock(mutex_);
        in_memory_ -= of.pixels;
        room_.notify_all();
        if (error == nullptr) return done(++done_);
        stopped_ = true;
        if (of.index >= first_failed_) return;
        first_failed_ = of.index;
        error_ = error;
    }

    void rethrow() const {
        if (error_ != nullptr) std::rethrow_exception(error_);
    }

private:
    const std::vector<io::photo_paths>& list_;
    const limits within_;
    const std::int64_t budget_;
    std::mutex mutex_;
    std::condition_variable room_;
    std::size_t next_ = 0, done_ = 0, first_failed_ = std::numeric_limits<std::size_t>::max();
    std::int64_t in_memory_ = 0;
    bool stopped_ = false;
    std::exception_ptr error_;
};

/// Threads that are joined at the end. Fewer than are wanted may start.
class team {
public:
    team(std::size_t count, const std::function<void()>& work) {
        threads_.reserve(count);
        try {
            while (threads_.size() < count) threads_.emplace_back(work);
        } catch (const std::exception&) {
            // the system allows no more
        }
    }
    team(const team&) = delete;
    team& operator=(const team&) = delete;
    ~team() {
        for (auto& thread : threads_) thread.join();
    }

private:
    std::vector<std::thread> threads_;
};

/// Prints what is known of each photo, in the order of the photos.
class printer {
public:
    explicit printer(const request& wanted, std::size_t count) : program_(wanted.program), ended_(count) {}

    void end(std::size_t index, std::unique_ptr<job> photo, std::exception_ptr error) {
        const std::lock_guard lock(mutex_);
        ended_[index] = {std::move(photo), error};
        for (; next_ < ended_.size() && ended_[next_].photo != nullptr; ++next_) {
            print(ended_[next_]);
            ended_[next_] = {};
        }
    }

    /// Throws a failure with the exit code of the first photo that failed.
    void end_all() const {
        if (failed_ > 0)
            throw cli::failure(exit_code_, of_all(failed_, ended_.size()) + " failed; the others are done");
    }

private:
    struct ended {
        std::unique_ptr<job> photo;
        std::exception_ptr error;
    };

    void print(ended& one) {
        if (one.error == nullptr) return one.photo->out.emit();
        try {
            std::rethrow_exception(one.error);
        } catch (const std::exception&) {
            const auto code = cli::complain_of_exception(program_, cli::given(one.photo->from));
            if (failed_++ == 0) exit_code_ = code;
        }
    }

    std::string program_;
    std::mutex mutex_;
    std::vector<ended> ended_;
    std::size_t next_ = 0, failed_ = 0;
    int exit_code_ = 0;
};

}  // namespace

void request::declare(cli::command_line& line, const std::string& help) {
    program = line.program();
    line.positional(
        "photos", photos,
        "PNG, JPEG, BMP or PNM files, - for stdin, or folders of them (default: the bundled mountain-768.jpg)");
    if (only_folder)
        line.folder("-o", output, help);
    else
        line.option("-o", output, help + "; - for stdout; a folder, such as out/, for several photos");
}

void request::declare_limits(cli::command_line& line) {
    line.option("--threads", threads, 0, std::numeric_limits<int>::max(),
                "number of threads; 0 uses all available CPUs; the result does not depend on it");
    line.option("--max-pixels", megapixels, 1, 1024,
                "the largest number of pixels in a photo, and in all that are in memory at a time, in millions");
}

bool request::names_several() const {
    std::error_code ignored;
    return photos.size() > 1 || (photos.size() == 1 && fs::is_directory(photos.front(), ignored));
}

std::vector<io::photo_paths> request::checked() const {
    const auto words = photos.empty() ? std::vector<fs::path>{LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg"} : photos;
    std::error_code ignored;
    const bool is_folder = only_folder || !output.has_filename() || fs::is_directory(output, ignored);
    if (output.empty()) {
        std::vector<io::photo_paths> list;
        for (auto& photo : io::find_photos(words)) list.push_back({std::move(photo), {}});
        return list;
    }
    if (!is_folder && !names_several()) {
        io::require_extension(output, endings);
        io::require_writable(output);
        io::require_apart({words.front()}, {output});
        if (json) io::require_free_stdout({output});
        return {{words.front(), output}};
    }
    if (!is_folder) {
        const auto last = cli::given(words.back());
        if (words.size() > 1 && !fs::exists(words.back(), ignored) && !io::is_descriptor(words.back()))
            throw cli::failure(cli::usage, "there is no " + last + "; to write it, name it after -o: -o " + last);
        io::find_photos(words);  // throws if there are none
        throw cli::failure(cli::usage, "several photos are written to a folder, but -o is " + cli::given(output) +
                                           "; name a folder that exists, or a new one that ends in /: -o out/");
    }
    io::require_folder(output);
    const auto list = io::list_photos(words, output, only_folder ? endings : std::vector{endings.front()});
    for (const auto& photo : list)
        if (fs::is_directory(photo.to.parent_path(), ignored)) io::require_writable(photo.to);
    return list;
}

job::job(io::photo_paths paths, std::size_t number, std::size_t of, int inner_threads, cli::progress& line)
    : from(std::move(paths.from)),
      to(std::move(paths.to)),
      index(number),
      count(of),
      threads(inner_threads),
      progress_(line) {
    if (count == 1) progress_.show(0, stage_);
}

void job::begin(const std::string& stage, double share) {
    times_.end(stage_);
    stage_ = stage;
    show(share, {});
}

void job::show(double share, const std::string& detail) {
    if (count == 1) progress_.show(share, stage_ + (detail.empty() ? "" : ": " + detail));
}

const fs::path& job::begin_writing(double share) {
    begin("writing", share);
    if (to.has_parent_path()) io::make_directory(to.parent_path());
    return to;
}

void each(const std::vector<io::photo_paths>& list, limits within, const std::function<void(std::size_t, int)>& work,
          const std::function<void(std::size_t)>& done) {
    const auto cpus =
        std::max(1u, within.threads > 0 ? static_cast<unsigned>(within.threads) : std::thread::hardware_concurrency());
    const auto workers = std::min<std::size_t>(cpus, list.size());
    const auto of_each = static_cast<int>(cpus / workers);
    queue waiting(list, within);
    {
        const std::function<void()> take = [&] {
            while (const auto turn = waiting.next()) {
                std::exception_ptr error;
                try {
                    work(turn->index, turn->is_alone ? static_cast<int>(cpus) : of_each);
                } catch (...) {
                    error = std::current_exception();
                }
                waiting.end(*turn, error, done);
            }
        };
        const team others(workers - 1, take);
        take();
    }
    waiting.rethrow();
}

void for_each(const request& wanted, const std::function<void(job&)>& work) {
    const auto list = wanted.checked();
    cli::progress line;
    if (list.size() == 1) {
        job photo(list.front(), 0, 1, wanted.threads, line);
        photo.is_bundled = wanted.photos.empty();
        work(photo);
        return photo.out.emit();
    }
    printer results(wanted, list.size());
    const auto one = [&](std::size_t i, int threads) {
        auto photo = std::make_unique<job>(list[i], i, list.size(), threads, line);
        std::exception_ptr error;
        try {
            work(*photo);
        } catch (const std::exception&) {
            error = std::current_exception();
        }
        results.end(i, std::move(photo), error);
    };
    const auto show = [&](std::size_t done) {
        line.show(static_cast<double>(done) / static_cast<double>(list.size()), of_all(done, list.size()));
    };
    show(0);
    each(list, {wanted.threads, wanted.megapixels}, one, show);
    results.end_all();
}

std::string of_all(std::size_t number, std::size_t count) {
    return std::to_string(number) + " of " + std::to_string(count) + " photos";
}

}  // namespace photos
