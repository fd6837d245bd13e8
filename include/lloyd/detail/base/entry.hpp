// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The functions behind the public ones.
#pragma once

#include <lloyd/detail/base/open_entries.inc>

/// `template <class = entry>` makes a template of an entry that depends on no other type, as `deferred` does for other
/// functions.
struct entry;

#include <lloyd/detail/base/close_entries.inc>
