/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-row.h"

G_BEGIN_DECLS

typedef enum
{
  SKT_FRAME_READ_WHOLE,
  SKT_FRAME_READ_OPEN,  /* its end has not been published yet */
  SKT_FRAME_READ_NOT,   /* too long, its stream is over, too far apart, or unreadable: that stays so */
} SktFrameRead;

/* How many records are looked at for one frame: between its bytes may be those of other streams. */
#define SKT_FRAME_READ_MAX_RECORDS 4096

/* Reads the frame that begins at the position, whatever is shown of what lies between its bytes, if it is no longer than `size`.
 * *ret_length: its bytes, if WHOLE. *ret_cost: what it took, in bytes read; a record costs as much as 64. The reader's
 * thread; takes up to some 0.3 ms with 64 KiB. now_ns: the time, by which a pause may have ended the last frame. */
SktFrameRead skt_frame_read (SktJournalReader *reader,
                             const SktFrameRule *rule,
                             SktPosition begin,
                             guint64 now_ns,
                             guint8 *buffer,
                             gsize size,
                             gsize *ret_length,
                             gsize *ret_cost);

G_END_DECLS
