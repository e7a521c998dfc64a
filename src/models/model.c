/*
 * model.c: the list of the models.
 */
#include "models/model.h"

#include <string.h>

const Model *const model_all[MODELS] = {
	&model_bg_nbd, &model_mbg_nbd, &model_pareto_nbd, &model_bg_bb, &model_gamma_gamma, &model_sbg
};

const Model *
model_find(const char *name)
{
	int			i;

	for (i = 0; i < MODELS; i++)
		if (strcmp(model_all[i]->name, name) == 0)
			return model_all[i];
	return NULL;
}
