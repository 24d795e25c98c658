# Reads an SPSS file with haven and says what it found, as three CSV files.
# Usage: Rscript haven.R FILE.sav OUT
args <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(haven))
d <- read_sav(args[1], user_na = TRUE)
plain <- read_sav(args[1])
said <- function(x) {
  if (is.character(x)) return(as.vector(unclass(x)))
  sprintf("%.12f", as.vector(unclass(x)))
}
csv <- function(x, name) write.csv(x, file.path(args[2], name), row.names = FALSE, fileEncoding = "UTF-8")
csv(as.data.frame(lapply(d, said), check.names = FALSE), "values.csv")
csv(as.data.frame(lapply(plain, function(x) as.integer(is.na(x))), check.names = FALSE), "missing.csv")
words <- list()
for (name in names(d)) {
  range <- attr(d[[name]], "na_range")
  labels <- attr(d[[name]], "labels")
  words[[length(words) + 1]] <- data.frame(variable = name, value = "", label = attr(d[[name]], "label"),
    low = if (is.null(range)) "" else range[1], high = if (is.null(range)) "" else range[2])
  if (length(labels) > 0) words[[length(words) + 1]] <- data.frame(variable = name, value = sprintf("%.6f", as.vector(labels)), label = names(labels), low = "", high = "")
}
csv(do.call(rbind, words), "words.csv")
