/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-sequence-store.h"

#include "skt-json-file.h"
#include "skt-sequence-json.h"

#include <glib/gi18n-lib.h>

struct _SktSequenceStore
{
  GObject parent_instance;

  SktJsonFile *file;            /* owned */
  char *problem;
  GPtrArray *sequences;
};

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

static void
set_problem (SktSequenceStore *self, const char *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

/* -- The file --------------------------------------------------------------------------------------------------- */

static void
change (SktSequenceStore *self)
{
  skt_json_file_changed (self->file);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
skt_sequence_store_flush (SktSequenceStore *self)
{
  g_return_if_fail (SKT_IS_SEQUENCE_STORE (self));
  skt_json_file_flush (self->file);
}

static JsonObject *
make_cb (gpointer user_data)
{
  return skt_sequences_to_json (SKT_SEQUENCE_STORE (user_data)->sequences);
}

static void
problem_cb (const char *problem, gpointer user_data)
{
  set_problem (user_data, problem);
}

static void
take_cb (JsonObject *tainted_object, gpointer user_data, GError **error)
{
  SktSequenceStore *self = user_data;
  GPtrArray *sequences = skt_sequences_from_json (tainted_object, error);

  if (sequences != NULL)
    g_ptr_array_extend_and_steal (self->sequences, sequences);
}

SktSequenceStore *
skt_sequence_store_new (const char *path)
{
  SktSequenceStore *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (SKT_TYPE_SEQUENCE_STORE, NULL);
  self->file = skt_json_file_new (path, make_cb, problem_cb, self);
  self->problem = skt_json_file_read (self->file, take_cb);
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
skt_sequence_store_finalize (GObject *object)
{
  SktSequenceStore *self = SKT_SEQUENCE_STORE (object);

  g_clear_pointer (&self->file, skt_json_file_free);
  g_ptr_array_unref (self->sequences);
  g_free (self->problem);
  G_OBJECT_CLASS (skt_sequence_store_parent_class)->finalize (object);
}

static void
skt_sequence_store_class_init (SktSequenceStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = skt_sequence_store_get_property;
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
}
