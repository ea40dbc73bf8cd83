/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-preset.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_PRESET_FILE_OWN,           /* what this program exports */
  SKT_PRESET_FILE_PACKET_SENDER, /* its JSON export, its packets.ini */
  SKT_PRESET_FILE_SSCOM,         /* sscom.ini, sscom51.ini */
  SKT_PRESET_FILE_NETASSIST,     /* the [SHORTCUT] list of netassist.cfg */
  SKT_N_PRESET_FILES,
} SktPresetFile;

/* "Packet Sender". Static, not translated but for the first. */
const char *skt_preset_file_get_name (SktPresetFile file);

/* What is in a file, whatever of these it is. A group is named `group` where the file has none. *ret_n_bad: how many were left out,
 * *ret_problem (transfer full, may be set to NULL): why the first of them was. NULL and SKT_ERROR_BAD_FILE, with a sentence that says what can be
 * imported, if there is nothing in it that is known. Any thread; takes milliseconds per megabyte. (transfer full) array of SktPreset */
GPtrArray *skt_preset_import (const char *tainted_text,
                              gsize length,
                              const char *group,
                              SktPresetFile *ret_file,
                              guint *ret_n_bad,
                              char **ret_problem,
                              GError **error);

G_END_DECLS
