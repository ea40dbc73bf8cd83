/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-import-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "skt-pcapng.h"

/* Files of packets: pcapng and the older pcap. */

/* The largest block that is read: a packet has up to 256 KiB in any capture; comments may be longer. Larger ones of
 * kinds that are not needed are skipped. */
#define BLOCK_MAX (4 * 1024 * 1024)
#define MAX_INTERFACES 65536
#define COMMENT_MAX 256
#define BLOCK_MIN 12
#define NS_PER_SECOND G_GUINT64_CONSTANT (1000000000)

typedef struct
{
  guint16 link_type;
  guint8 resolution;    /* as in if_tsresol */
  gint64 offset;        /* seconds */
} Interface;

typedef struct
{
  SktImporter *importer;
  gboolean is_swapped;   /* the numbers of the section are in the other order of bytes */
  gboolean is_ours;
  GArray *interfaces;    /* Interface */
  guint64 last_time_ns;  /* for packets that have none */
  guint64 n_left_out, n_cut;
  gboolean is_damaged;   /* no more can be read */
} Reader;

/* What follows another in a block. */
typedef struct
{
  const guint8 *bytes;
  gsize length;
} Rest;

/* -- Numbers ------------------------------------------------------------------------------------------------- */

static guint16
get_16 (const Reader *self, const guint8 *bytes)
{
  guint16 value;

  memcpy (&value, bytes, sizeof value);
  value = GUINT16_FROM_LE (value);
  return self->is_swapped ? GUINT16_SWAP_LE_BE (value) : value;
}

static guint32
get_32 (const Reader *self, const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  value = GUINT32_FROM_LE (value);
  return self->is_swapped ? GUINT32_SWAP_LE_BE (value) : value;
}

static guint64
get_64 (const Reader *self, const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  value = GUINT64_FROM_LE (value);
  return self->is_swapped ? GUINT64_SWAP_LE_BE (value) : value;
}

/* In units of `resolution`, to ns since 1970. */
static guint64
to_ns (guint64 units, guint8 resolution, gint64 offset)
{
  unsigned __int128 ns = (unsigned __int128) units * NS_PER_SECOND;
  const guint n = resolution & 0x7F;

  if (resolution & 0x80)
    ns >>= n;
  else
    for (guint i = 0; i < n && ns > 0; i++)
      ns /= 10;
  if (offset < 0)
    {
      const unsigned __int128 less = (unsigned __int128) (guint64) -(offset + 1) * NS_PER_SECOND + NS_PER_SECOND;

      return ns > less ? MIN (ns - less, G_MAXUINT64) : 0;
    }
  return MIN (ns + (unsigned __int128) offset * NS_PER_SECOND, G_MAXUINT64);
}

/* -- Packets ------------------------------------------------------------------------------------------------- */

static gboolean
take_packet (Reader *self,
             guint link_type,
             guint64 time_ns,
             Rest packet,
             gboolean is_cut,
             guint direction,
             const char *comment,
             GError **error)
{
  SktSegment segment;

  self->last_time_ns = time_ns;
  if (!_skt_segment_parse (&segment, link_type, packet.bytes, packet.length))
    {
      self->n_left_out++;
      return TRUE;
    }
  segment.time_ns = time_ns;
  segment.direction = direction;
  segment.comment = comment;
  segment.is_cut |= is_cut;
  if (segment.is_cut)
    self->n_cut++;
  return _skt_flows_take (self->importer->flows, &segment, error);
}

/* -- pcapng -------------------------------------------------------------------------------------------------- */

/* FALSE at the end, or if what is there is no option. */
static gboolean
next_option (const Reader *self, Rest *rest, guint *ret_code, Rest *ret_value)
{
  gsize length;

  if (rest->length < 4)
    return FALSE;
  *ret_code = get_16 (self, rest->bytes);
  length = get_16 (self, rest->bytes + 2);
  if (*ret_code == SKT_PCAPNG_OPTION_END || length > rest->length - 4)
    return FALSE;
  *ret_value = (Rest){ rest->bytes + 4, length };
  length = MIN (4 + (length + 3) / 4 * 4, rest->length);
  rest->bytes += length;
  rest->length -= length;
  return TRUE;
}

static void
take_section (Reader *self, Rest body)
{
  Rest options = { body.bytes + 16, body.length - 16 }, value;
  guint code;

  g_array_set_size (self->interfaces, 0);
  self->is_ours = FALSE;
  while (next_option (self, &options, &code, &value))
    if (code == SKT_PCAPNG_OPTION_SECTION_APPLICATION && value.length >= strlen (SKT_PCAPNG_APPLICATION) &&
        memcmp (value.bytes, SKT_PCAPNG_APPLICATION, strlen (SKT_PCAPNG_APPLICATION)) == 0)
      self->is_ours = TRUE;
  _skt_flows_set_is_ours (self->importer->flows, self->is_ours);
}

static void
take_interface (Reader *self, Rest body)
{
  Interface interface = { .resolution = 6 };
  Rest options, value;
  guint code;

  if (body.length < 8 || self->interfaces->len >= MAX_INTERFACES)
    {
      self->is_damaged = TRUE;
      return;
    }
  interface.link_type = get_16 (self, body.bytes);
  options = (Rest){ body.bytes + 8, body.length - 8 };
  while (next_option (self, &options, &code, &value))
    {
      if (code == SKT_PCAPNG_OPTION_INTERFACE_RESOLUTION && value.length >= 1)
        interface.resolution = value.bytes[0];
      else if (code == SKT_PCAPNG_OPTION_INTERFACE_OFFSET && value.length >= 8)
        interface.offset = (gint64) get_64 (self, value.bytes);
    }
  g_array_append_val (self->interfaces, interface);
}

static gboolean
take_enhanced_packet (Reader *self, Rest body, GError **error)
{
  const Interface *interface;
  char comment[COMMENT_MAX + 1] = "";
  guint64 units;
  guint32 captured, original, direction = 0;
  gsize padded;
  Rest options, value;
  guint code;

  if (body.length < 20)
    {
      self->is_damaged = TRUE;
      return TRUE;
    }
  captured = get_32 (self, body.bytes + 12);
  original = get_32 (self, body.bytes + 16);
  if (get_32 (self, body.bytes) >= self->interfaces->len || captured > body.length - 20)
    {
      self->is_damaged = TRUE;
      return TRUE;
    }
  interface = &g_array_index (self->interfaces, Interface, get_32 (self, body.bytes));
  units = (guint64) get_32 (self, body.bytes + 4) << 32 | get_32 (self, body.bytes + 8);
  padded = MIN (((gsize) captured + 3) / 4 * 4, body.length - 20);
  options = (Rest){ body.bytes + 20 + padded, body.length - 20 - padded };
  while (next_option (self, &options, &code, &value))
    {
      if (code == SKT_PCAPNG_OPTION_PACKET_FLAGS && value.length >= 4)
        direction = get_32 (self, value.bytes) & 3;
      else if (code == SKT_PCAPNG_OPTION_COMMENT && self->is_ours)
        {
          memcpy (comment, value.bytes, MIN (value.length, COMMENT_MAX));
          comment[MIN (value.length, COMMENT_MAX)] = '\0';
        }
    }
  return take_packet (self, interface->link_type, to_ns (units, interface->resolution, interface->offset),
                      (Rest){ body.bytes + 20, captured }, captured < original, direction,
                      comment[0] != '\0' ? comment : NULL, error);
}

static gboolean
take_simple_packet (Reader *self, Rest body, GError **error)
{
  guint32 original;

  if (body.length < 4 || self->interfaces->len == 0)
    {
      self->is_damaged = TRUE;
      return TRUE;
    }
  original = get_32 (self, body.bytes);
  return take_packet (self, g_array_index (self->interfaces, Interface, 0).link_type, self->last_time_ns,
                      (Rest){ body.bytes + 4, MIN (original, body.length - 4) }, original > body.length - 4, 0, NULL,
                      error);
}

static gboolean
take_block (Reader *self, guint32 type, Rest body, GError **error)
{
  switch (type)
    {
    case SKT_PCAPNG_BLOCK_SECTION:
      take_section (self, body);
      return TRUE;
    case SKT_PCAPNG_BLOCK_INTERFACE:
      take_interface (self, body);
      return TRUE;
    case SKT_PCAPNG_BLOCK_PACKET:
      return take_enhanced_packet (self, body, error);
    case SKT_PCAPNG_BLOCK_SIMPLE:
      return take_simple_packet (self, body, error);
    default:
      return TRUE;
    }
}

static gboolean
is_wanted (guint32 type)
{
  return type == SKT_PCAPNG_BLOCK_SECTION || type == SKT_PCAPNG_BLOCK_INTERFACE ||
         type == SKT_PCAPNG_BLOCK_PACKET || type == SKT_PCAPNG_BLOCK_SIMPLE;
}

/* The head of a block: the order of bytes is known only from within the first one of a section. */
static gboolean
read_head (Reader *self, guint32 *ret_type, guint32 *ret_length)
{
  const guint8 *head = _skt_importer_peek (self->importer, 8);

  if (head == NULL)
    return FALSE;
  /* The same in both orders. */
  if (get_32 (self, head) == SKT_PCAPNG_BLOCK_SECTION)
    {
      const guint8 *section = _skt_importer_peek (self->importer, 28);

      if (section == NULL)
        return FALSE;
      head = section;
      self->is_swapped = FALSE;
      self->is_swapped = get_32 (self, section + 8) != SKT_PCAPNG_BYTE_ORDER;
      if (get_32 (self, section + 8) != SKT_PCAPNG_BYTE_ORDER || get_16 (self, section + 12) != 1 ||
          get_32 (self, section + 4) < 28)
        return FALSE;
    }
  *ret_type = get_32 (self, head);
  *ret_length = get_32 (self, head + 4);
  return *ret_length >= BLOCK_MIN && *ret_length % 4 == 0 &&
         *ret_length <= self->importer->size - self->importer->offset;
}

static gboolean
read_blocks (Reader *self, GError **error)
{
  SktImporter *importer = self->importer;

  while (importer->offset < importer->size)
    {
      const guint8 *block = NULL;
      guint32 type, length;

      if (!_skt_importer_turn (importer, error))
        return FALSE;
      if (!read_head (self, &type, &length))
        break;
      if (is_wanted (type))
        {
          block = length <= BLOCK_MAX ? _skt_importer_peek (importer, length) : NULL;
          if (block == NULL || get_32 (self, block + length - 4) != length)
            break;
          if (!take_block (self, type, (Rest){ block + 8, length - BLOCK_MIN }, error))
            return FALSE;
          if (self->is_damaged)
            break;
        }
      _skt_importer_skip (importer, length);
    }
  self->is_damaged |= importer->offset < importer->size;
  return TRUE;
}

/* -- pcap ---------------------------------------------------------------------------------------------------- */

#define PCAP_HEADER 24
#define PCAP_PACKET 16

/* By the magic number: microseconds or nanoseconds, and the order of bytes. */
static gboolean
read_pcap_magic (const guint8 *bytes, gboolean *ret_is_swapped, gboolean *ret_has_ns)
{
  static const guint32 magics[] = { 0xA1B2C3D4, 0xA1B23C4D };
  guint32 magic;

  memcpy (&magic, bytes, sizeof magic);
  magic = GUINT32_FROM_LE (magic);
  for (guint i = 0; i < 2; i++)
    if (magic == magics[i] || magic == GUINT32_SWAP_LE_BE (magics[i]))
      {
        *ret_is_swapped = magic != magics[i];
        *ret_has_ns = i == 1;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_packets (Reader *self, GError **error)
{
  SktImporter *importer = self->importer;
  const guint8 *header = _skt_importer_peek (importer, PCAP_HEADER);
  gboolean has_ns;
  guint link_type;

  if (header == NULL || !read_pcap_magic (header, &self->is_swapped, &has_ns))
    {
      self->is_damaged = TRUE;
      return TRUE;
    }
  link_type = get_32 (self, header + 20) & 0xFFFF;
  _skt_importer_skip (importer, PCAP_HEADER);
  while (importer->offset < importer->size)
    {
      guint32 captured, original;
      guint64 time_ns;

      if (!_skt_importer_turn (importer, error))
        return FALSE;
      header = _skt_importer_peek (importer, PCAP_PACKET);
      if (header == NULL)
        break;
      time_ns = get_32 (self, header) * NS_PER_SECOND + (guint64) get_32 (self, header + 4) * (has_ns ? 1 : 1000);
      captured = get_32 (self, header + 8);
      original = get_32 (self, header + 12);
      header = captured <= BLOCK_MAX ? _skt_importer_peek (importer, PCAP_PACKET + captured) : NULL;
      if (header == NULL)
        break;
      if (!take_packet (self, link_type, time_ns, (Rest){ header + PCAP_PACKET, captured }, captured < original, 0,
                        NULL, error))
        return FALSE;
      _skt_importer_skip (importer, PCAP_PACKET + captured);
    }
  self->is_damaged |= importer->offset < importer->size;
  return TRUE;
}

/* -- The whole ----------------------------------------------------------------------------------------------- */

gboolean
_skt_import_is_capture (const guint8 *bytes, gsize length)
{
  static const guint8 section[] = { 0x0A, 0x0D, 0x0D, 0x0A };
  guint32 order;
  gboolean is_swapped, has_ns;

  if (length < 12)
    return FALSE;
  if (memcmp (bytes, section, sizeof section) != 0)
    return read_pcap_magic (bytes, &is_swapped, &has_ns);
  memcpy (&order, bytes + 8, sizeof order);
  return order == SKT_PCAPNG_BYTE_ORDER || order == GUINT32_SWAP_LE_BE (SKT_PCAPNG_BYTE_ORDER);
}

static void
warn (Reader *self)
{
  SktImporter *importer = self->importer;
  const guint64 n_left_out = self->n_left_out + _skt_flows_get_n_refused (importer->flows);

  if (self->is_damaged)
    {
      g_autofree char *read = g_strdup_printf ("%" G_GUINT64_FORMAT, importer->offset);
      g_autofree char *all = g_strdup_printf ("%" G_GUINT64_FORMAT, importer->size);
      /* Translators: two numbers of bytes */
      g_autofree char *text = g_strdup_printf (_("This file is damaged or was cut off. What is shown comes from its "
                                                 "first %s bytes of %s."), read, all);

      _skt_importer_warn (importer, text);
    }
  if (n_left_out > 0)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, n_left_out);
      g_autofree char *text =
        g_strdup_printf (ngettext ("%s packet was left out: it is not a complete TCP packet.",
                                   "%s packets were left out: they are not complete TCP packets.",
                                   MIN (n_left_out, 1000000)), number);

      _skt_importer_warn (importer, text);
    }
  if (self->n_cut > 0)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, self->n_cut);
      g_autofree char *text =
        g_strdup_printf (ngettext ("Of %s packet only the beginning was captured.",
                                   "Of %s packets only the beginning was captured.", MIN (self->n_cut, 1000000)),
                         number);

      _skt_importer_warn (importer, text);
    }
}

gboolean
_skt_import_capture (SktImporter *self, GError **error)
{
  g_autoptr (GArray) interfaces = g_array_new (FALSE, FALSE, sizeof (Interface));
  Reader reader = { .importer = self, .interfaces = interfaces };
  const guint8 *start = _skt_importer_peek (self, 4);
  gboolean is_swapped, has_ns, ok;

  self->flows = _skt_flows_new (self->journal);
  if (start != NULL && read_pcap_magic (start, &is_swapped, &has_ns))
    ok = read_packets (&reader, error);
  else
    ok = read_blocks (&reader, error);
  if (!ok || !_skt_flows_finish (self->flows, error))
    return FALSE;
  warn (&reader);
  return TRUE;
}
