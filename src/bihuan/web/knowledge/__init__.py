"""Knowledge as people meet it: lists, articles, approval, what stands beside a case, text modules in replies, search."""
