"""What the business names: areas, products, the trees of phenomenon, product, cause and dispute, subscriber counts."""
