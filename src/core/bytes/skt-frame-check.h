/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-checksum.h"
#include "skt-frame.h"

G_BEGIN_DECLS

/* Whether the checksum that a frame carries is that of its bytes. */

typedef enum
{
  SKT_FRAME_CHECK_BYTES,    /* the checksum is 1, 2 or 4 bytes */
  SKT_FRAME_CHECK_HEX,      /* hex digits, two for each of these: NMEA 0183 */
  SKT_FRAME_CHECK_HEX_ALL,  /* so are the bytes before it, and the checksum is of what they stand for: Modbus ASCII */
  SKT_N_FRAME_CHECK_FORMS,
} SktFrameCheckForm;

#define SKT_FRAME_CHECK_MAX_OFFSET 65535
/* A frame that is longer is not checked. */
#define SKT_FRAME_CHECK_MAX_LENGTH (64u * 1024)

/* All zero: frames are not checked. Offsets count the frame's bytes without the line ending or delimiter that ends it. */
typedef struct
{
  gboolean is_on;
  SktChecksum checksum;
  SktFrameCheckForm form;
  gboolean is_little; /* byte order */
  guint32 begin;      /* bytes before those that it is of */
  guint32 gap;        /* bytes between these and the checksum */
  guint32 after;      /* bytes after the checksum */
} SktFrameCheck;

/* How many bytes of the frame the checksum takes. */
guint skt_frame_check_get_width (const SktFrameCheck *self);

/* FALSE and SKT_ERROR_BAD_RULE, with a sentence that says what to change. */
gboolean skt_frame_check_check (const SktFrameCheck *self, GError **error);

/* As stored in settings and given on D-Bus: "none", "crc-16/modbus form=bytes order=little begin=0 gap=0 at=-2". at: where the
 * checksum begins, from the end. What is left out is bytes, the usual order, 0, 0, the last bytes. Errors as
 * skt_frame_check_check(). */
gboolean skt_frame_check_parse (const char *text, SktFrameCheck *ret_check, GError **error);
char *skt_frame_check_to_string (const SktFrameCheck *self);

gboolean skt_frame_check_equal (const SktFrameCheck *a, const SktFrameCheck *b);

typedef enum
{
  SKT_FRAME_VERDICT_NONE,      /* not checked */
  SKT_FRAME_VERDICT_RIGHT,
  SKT_FRAME_VERDICT_WRONG,
  SKT_FRAME_VERDICT_TOO_SHORT, /* no room for the checksum */
  SKT_FRAME_VERDICT_NO_DIGITS, /* there are no hex digits where they should be */
  SKT_N_FRAME_VERDICTS,
} SktFrameVerdict;

/* Of a whole frame as the rule cuts it. expected, found: set if RIGHT or WRONG. Any thread. */
SktFrameVerdict skt_frame_check_verify (const SktFrameCheck *self,
                                        const SktFrameRule *rule,
                                        const guint8 *bytes,
                                        gsize length,
                                        guint32 *ret_expected,
                                        guint32 *ret_found);

/* "checksum wrong: expected 4B37, found 4B38", translated. NULL for NONE. (transfer full) */
char *skt_frame_verdict_to_text (SktFrameVerdict verdict, const SktFrameCheck *check, guint32 expected, guint32 found);

G_END_DECLS
