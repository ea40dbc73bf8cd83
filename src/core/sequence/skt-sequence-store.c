/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-sequence-store.h"

#include "skt-sequence-json.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define WRITE_DELAY_MS 300
#define MAX_FILE_SIZE (64 << 20)
#define MAX_BAD 1000

struct _SktSequenceStore
{
  GObject parent_instance;

  char *path;
  char *problem;
  GPtrArray *sequences;
  guint write_id;               /* what has changed is to be written */
  GThreadPool *writer;          /* one thread, so that the last state is written last */
};

/* A file's new text, and then what came of it. */
typedef struct
{
  GWeakRef store;
  char *path;
  char *text;
  gsize length;
  char *problem;
} Write;

enum
{
  PROP_0,
  PROP_PROBLEM,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SktSequenceStore, skt_sequence_store, G_TYPE_OBJECT)

char *
skt_sequence_store_dup_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "socketeer", "sequences.json", NULL);
}

static void
set_problem (SktSequenceStore *self, const char *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

/* -- Writing ---------------------------------------------------------------------------------------------------- */

static void
write_free (Write *write)
{
  g_weak_ref_clear (&write->store);
  g_free (write->path);
  g_free (write->text);
  g_free (write->problem);
  g_free (write);
}

static gboolean
written_cb (gpointer data)
{
  Write *write = data;
  g_autoptr (SktSequenceStore) self = g_weak_ref_get (&write->store);

  if (self != NULL)
    set_problem (self, write->problem);
  return G_SOURCE_REMOVE;
}

static void
write_in_worker (gpointer data, gpointer user_data)
{
  Write *write = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_path_get_dirname (write->path);

  g_mkdir_with_parents (folder, 0700);
  if (!g_file_set_contents_full (write->path, write->text, (gssize) write->length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    write->problem = g_strdup_printf (_ ("The sequences could not be kept: %s"), error->message);
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, written_cb, write, (GDestroyNotify) write_free);
}

static void
write_now (SktSequenceStore *self)
{
  Write *write = g_new0 (Write, 1);

  g_weak_ref_init (&write->store, self);
  write->path = g_strdup (self->path);
  write->text = skt_sequences_format (self->sequences, &write->length);
  g_thread_pool_push (self->writer, write, NULL);
}

static gboolean
write_cb (gpointer user_data)
{
  SktSequenceStore *self = user_data;

  self->write_id = 0;
  write_now (self);
  return G_SOURCE_REMOVE;
}

static void
change (SktSequenceStore *self)
{
  if (self->write_id == 0)
    self->write_id = g_timeout_add (WRITE_DELAY_MS, write_cb, self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static GThreadPool *
writer_new (void)
{
  return g_thread_pool_new (write_in_worker, NULL, 1, FALSE, NULL);
}

void
skt_sequence_store_flush (SktSequenceStore *self)
{
  g_return_if_fail (SKT_IS_SEQUENCE_STORE (self));

  if (self->write_id != 0)
    {
      g_clear_handle_id (&self->write_id, g_source_remove);
      write_now (self);
    }
  g_thread_pool_free (self->writer, FALSE, TRUE);
  self->writer = writer_new ();
}

/* -- Reading ---------------------------------------------------------------------------------------------------- */

static char *
set_aside (const char *path)
{
  for (guint i = 1; i <= MAX_BAD; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s.bad-%u", path, i);

      if (!g_file_test (name, G_FILE_TEST_EXISTS))
        return g_rename (path, name) == 0 ? g_steal_pointer (&name) : NULL;
    }
  return NULL;
}

static GPtrArray *
read_file (const char *path, GError **error)
{
  g_autofree char *tainted_text = NULL;
  GStatBuf info;
  gsize length;

  if (g_stat (path, &info) == 0 && info.st_size > MAX_FILE_SIZE)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, _ ("it is too large"));
      return NULL;
    }
  if (!g_file_get_contents (path, &tainted_text, &length, error))
    return NULL;
  return skt_sequences_parse (tainted_text, (gssize) length, error);
}

static void
read_sequences (SktSequenceStore *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) sequences = read_file (self->path, &error);
  g_autofree char *name = NULL;

  if (sequences != NULL)
    {
      g_ptr_array_extend_and_steal (self->sequences, g_steal_pointer (&sequences));
      return;
    }
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return;
  name = set_aside (self->path);
  if (name != NULL)
    self->problem = g_strdup_printf (_ ("The sequences could not be read: %s. The file was kept as “%s”."), error->message, name);
  else
    self->problem = g_strdup_printf (_ ("The sequences could not be read: %s. They are replaced when a sequence is changed."), error->message);
}

SktSequenceStore *
skt_sequence_store_new (const char *path)
{
  SktSequenceStore *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (SKT_TYPE_SEQUENCE_STORE, NULL);
  self->path = g_strdup (path);
  read_sequences (self);
  return self;
}

/* -- Sequences -------------------------------------------------------------------------------------------------- */

guint
skt_sequence_store_get_n (SktSequenceStore *self)
{
  g_return_val_if_fail (SKT_IS_SEQUENCE_STORE (self), 0);
  return self->sequences->len;
}

SktSequence *
skt_sequence_store_get (SktSequenceStore *self, guint index)
{
  g_return_val_if_fail (SKT_IS_SEQUENCE_STORE (self), NULL);
  return index < self->sequences->len ? self->sequences->pdata[index] : NULL;
}

void
skt_sequence_store_insert (SktSequenceStore *self, guint index, SktSequence *sequence)
{
  g_return_if_fail (SKT_IS_SEQUENCE_STORE (self) && sequence != NULL);

  g_ptr_array_insert (self->sequences, (int) MIN (index, self->sequences->len), skt_sequence_ref (sequence));
  change (self);
}

void
skt_sequence_store_replace (SktSequenceStore *self, guint index, SktSequence *sequence)
{
  g_return_if_fail (SKT_IS_SEQUENCE_STORE (self) && sequence != NULL && index < self->sequences->len);

  skt_sequence_ref (sequence);
  skt_sequence_unref (self->sequences->pdata[index]);
  self->sequences->pdata[index] = sequence;
  change (self);
}

void
skt_sequence_store_remove (SktSequenceStore *self, guint index)
{
  g_return_if_fail (SKT_IS_SEQUENCE_STORE (self) && index < self->sequences->len);

  g_ptr_array_remove_index (self->sequences, index);
  change (self);
}

static gboolean
has_name (SktSequenceStore *self, const char *name)
{
  for (guint i = 0; i < self->sequences->len; i++)
    if (g_str_equal (skt_sequence_get_name (self->sequences->pdata[i]), name))
      return TRUE;
  return FALSE;
}

char *
skt_sequence_store_dup_new_name (SktSequenceStore *self, const char *name)
{
  g_return_val_if_fail (SKT_IS_SEQUENCE_STORE (self), NULL);

  if (name != NULL && !has_name (self, name))
    return g_strdup (name);
  for (guint i = name != NULL ? 2 : 1;; i++)
    {
      /* Translators: the name of a sequence that has got none yet; and one like another, with a number */
      g_autofree char *text = name != NULL ? g_strdup_printf ("%s %u", name, i) : g_strdup_printf (_ ("Sequence %u"), i);

      if (!has_name (self, text))
        return g_steal_pointer (&text);
    }
}

const char *
skt_sequence_store_get_problem (SktSequenceStore *self)
{
  g_return_val_if_fail (SKT_IS_SEQUENCE_STORE (self), NULL);
  return self->problem;
}

/* -- GObject ---------------------------------------------------------------------------------------------------- */

static void
skt_sequence_store_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_PROBLEM:
      g_value_set_string (value, SKT_SEQUENCE_STORE (object)->problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
skt_sequence_store_dispose (GObject *object)
{
  SktSequenceStore *self = SKT_SEQUENCE_STORE (object);

  if (self->writer != NULL)
    {
      if (self->path != NULL)
        skt_sequence_store_flush (self);
      g_thread_pool_free (g_steal_pointer (&self->writer), FALSE, TRUE);
    }
  G_OBJECT_CLASS (skt_sequence_store_parent_class)->dispose (object);
}

static void
skt_sequence_store_finalize (GObject *object)
{
  SktSequenceStore *self = SKT_SEQUENCE_STORE (object);

  g_ptr_array_unref (self->sequences);
  g_free (self->path);
  g_free (self->problem);
  G_OBJECT_CLASS (skt_sequence_store_parent_class)->finalize (object);
}

static void
skt_sequence_store_class_init (SktSequenceStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = skt_sequence_store_get_property;
  object_class->dispose = skt_sequence_store_dispose;
  object_class->finalize = skt_sequence_store_finalize;
  properties[PROP_PROBLEM] =
    g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[CHANGED] =
    g_signal_new ("changed", SKT_TYPE_SEQUENCE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
skt_sequence_store_init (SktSequenceStore *self)
{
  self->sequences = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_sequence_unref);
  self->writer = writer_new ();
}
