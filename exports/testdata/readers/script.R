# Runs the R script of a release in its folder and says what it made, as two CSV
# files: the values, and the reasons for missing ones.
# Usage: Rscript script.R FOLDER/NAME.R OUT
args <- commandArgs(trailingOnly = TRUE)
out <- normalizePath(args[2])
setwd(dirname(args[1]))
source(basename(args[1]), encoding = "UTF-8")
said <- function(x) ifelse(is.na(x), "NA", if (is.numeric(x)) sprintf("%.6f", as.vector(x)) else as.character(x))
reason <- function(x) { r <- attr(x, "reason"); if (is.null(r)) rep("", length(x)) else ifelse(is.na(r), "", r) }
csv <- function(x, name) write.csv(x, file.path(out, name), row.names = FALSE, fileEncoding = "UTF-8")
csv(as.data.frame(lapply(d, said), check.names = FALSE), "values.csv")
csv(as.data.frame(lapply(d, reason), check.names = FALSE), "reasons.csv")
csv(data.frame(variable = names(d), label = sapply(d, function(x) attr(x, "label"))), "words.csv")
